/** Spans of real processes, as a collector of OpenTelemetry gets them. */
import { assert, assertEquals } from "@std/assert";
import { z } from "zod";
import { serveSimulator } from "../../lib/simulator/serve_simulator.ts";
import { DataFolder, runScript } from "./script_process.ts";

const span = z.object({
  traceId: z.string(),
  spanId: z.string(),
  parentSpanId: z.string().default(""),
  name: z.string(),
  links: z.array(z.object({ traceId: z.string(), spanId: z.string() })).default([]),
  attributes: z.array(z.object({ key: z.string(), value: z.record(z.string(), z.unknown()) })).default([]),
});
const traces = z.object({
  resourceSpans: z.array(z.object({
    scopeSpans: z.array(z.object({ scope: z.object({ name: z.string() }), spans: z.array(span) })),
  })),
});

type Span = z.output<typeof span>;

/** A collector that keeps the spans of this project. */
class Collector implements AsyncDisposable {
  readonly spans: Span[] = [];
  readonly #server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, async (request) => {
    const body = await request.json();
    if (new URL(request.url).pathname === "/v1/traces") this.#keep(body);
    return Response.json({});
  });

  get env(): Readonly<Record<string, string>> {
    return {
      OTEL_DENO: "true",
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${this.#server.addr.port}`,
      OTEL_EXPORTER_OTLP_PROTOCOL: "http/json",
    };
  }

  #keep(body: unknown): void {
    const scopes = traces.parse(body).resourceSpans.flatMap(({ scopeSpans }) => scopeSpans);
    for (const { scope, spans } of scopes) if (scope.name === "ratalake") this.spans.push(...spans);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server.shutdown();
  }
}

Deno.test("a batch is linked to the publish that its messages came from, and its commits are inside it", async () => {
  await using folder = new DataFolder();
  await using collector = new Collector();
  await using simulator = serveSimulator({ seed: 1, trains: 20, clock: () => Date.UTC(2026, 10, 28, 12) });
  const env = { DATA_DIR: folder.path, DIGITRAFFIC_URL: simulator.url, ...collector.env };
  for (const script of ["fetch", "process"]) {
    const { code, err } = await runScript(script, [], env);
    assertEquals([code, err], [0, ""]);
  }
  const named = (name: string) => collector.spans.filter((each) => each.name === name);
  const [published] = named("publish"), [batch] = named("batch");
  assert(published !== undefined && batch !== undefined);
  assertEquals(batch.links, [{ traceId: published.traceId, spanId: published.spanId }]);
  const commits = named("commit").filter(({ parentSpanId }) => parentSpanId === batch.spanId);
  const tableOf = ({ attributes }: Span) => attributes.find(({ key }) => key === "table")?.value.stringValue;
  assertEquals(commits.map(tableOf), ["quarantine", "landing", "standard", "batches"]);
});

Deno.test("without the variable nothing is exported, and messages carry no header of it", async () => {
  await using folder = new DataFolder();
  await using collector = new Collector();
  await using simulator = serveSimulator({ seed: 1, trains: 5, clock: () => Date.UTC(2026, 10, 28, 12) });
  const env = { DATA_DIR: folder.path, DIGITRAFFIC_URL: simulator.url, ...collector.env, OTEL_DENO: "" };
  assertEquals((await runScript("fetch", [], env)).code, 0);
  const file = await Deno.readTextFile(folder.file("broker.db")).catch(() => "");
  assertEquals(["fetchedAt", "traceparent"].map((header) => file.includes(header)), [true, false]);
  assertEquals(collector.spans.length, 0);
});
