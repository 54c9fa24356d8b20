/** Spans and figures as a collector receives them: the API's own interfaces stand in for Deno's exporter. */
import { assertEquals, assertRejects } from "@std/assert";
import { otel } from "../../lib/packages/opentelemetry.ts";
import { openTelemetry } from "../../lib/telemetry/open_telemetry.ts";
import { telemetry, useTelemetry } from "../../lib/telemetry/telemetry.ts";

/** What was told of a span. */
interface SeenSpan {
  readonly name: string;
  readonly options: unknown;
  readonly told: string[];
}

/** A provider of the API that remembers. */
function listenToSpans(): SeenSpan[] {
  const spans: SeenSpan[] = [];
  otel.trace.disable();
  otel.trace.setGlobalTracerProvider({
    // deno-lint-ignore no-explicit-any
    getTracer: (): any => ({
      startActiveSpan(name: string, options: unknown, work: (span: unknown) => unknown) {
        const told: string[] = [];
        spans.push({ name, options, told });
        return work({
          end: () => told.push("end"),
          recordException: (error: Error) => told.push(`exception ${error.message}`),
          setStatus: ({ code }: { readonly code: number }) => told.push(`status ${code}`),
        });
      },
    }),
  });
  return spans;
}

Deno.test("without telemetry work is done as ever, and no header goes with a message", async () => {
  assertEquals(await telemetry().span("batch", {}, () => Promise.resolve(7)), 7);
  assertEquals(telemetry().traceHeaders(), {});
});

Deno.test("a span has its attributes and links, ends with its work, and knows when that failed", async () => {
  const spans = listenToSpans();
  useTelemetry(openTelemetry("1.2.3"));
  try {
    const parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    const hostile = ["", "00-xyz", `${parent}0`, "00-00000000000000000000000000000000-b7ad6b7169203331-01"];
    const links = [parent, ...hostile];
    assertEquals(
      await telemetry().span("batch", { attributes: { rows: 3 }, links }, () => Promise.resolve(7)),
      7,
    );
    await assertRejects(
      () => telemetry().span("poll", {}, () => Promise.reject(new Error("no answer"))),
      Error,
      "no",
    );
    const context = {
      ...{ traceId: "0af7651916cd43dd8448eb211c80319c", spanId: "b7ad6b7169203331" },
      ...{ traceFlags: 1, isRemote: true },
    };
    assertEquals(spans, [
      { name: "batch", options: { attributes: { rows: 3 }, links: [{ context }] }, told: ["end"] },
      {
        name: "poll",
        options: { attributes: {}, links: [] },
        told: ["exception no answer", "status 2", "end"],
      },
    ]);
  } finally {
    useTelemetry(null);
    otel.trace.disable();
  }
});

Deno.test("each figure is exported by its name, also one that appears later", () => {
  const callbacks = new Map<
    string,
    (result: { observe: (value: number, labels: unknown) => void }) => void
  >();
  const instrument = (name: string) => ({
    addCallback: (callback: Parameters<typeof callbacks.set>[1]) => callbacks.set(name, callback),
  });
  otel.metrics.disable();
  otel.metrics.setGlobalMeterProvider({
    // deno-lint-ignore no-explicit-any
    getMeter: (): any => ({ createObservableCounter: instrument, createObservableGauge: instrument }),
  });
  try {
    let figures = {
      counts: { rows: 5 } as Record<string, number>,
      gauges: { lagOffsets: 2 } as Record<string, number>,
    };
    openTelemetry("1.2.3").observe("process", () => figures);
    const collect = () => {
      const seen: Record<string, unknown> = {};
      for (const [name, callback] of [...callbacks]) {
        callback({ observe: (value, labels) => seen[name] = [value, labels] });
      }
      return seen;
    };
    const role = { role: "process" };
    assertEquals(collect(), { "ratalake.rows": [5, role], "ratalake.lagOffsets": [2, role] });
    figures = { counts: { rows: 9, lost: 1 }, gauges: {} };
    collect();
    assertEquals(collect(), { "ratalake.rows": [9, role], "ratalake.lost": [1, role] });
  } finally {
    otel.metrics.disable();
  }
});
