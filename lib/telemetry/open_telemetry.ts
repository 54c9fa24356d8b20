/** Spans and figures by the OpenTelemetry API, which Deno exports by itself where `OTEL_DENO` is set. Loaded only then. */
import { type Link, type Meter, otel, type SpanContext, type Tracer } from "../packages/opentelemetry.ts";
import type { Figures, SpanOptions, Telemetry } from "./telemetry.ts";

/** A span may not link to more: a batch has thousands of messages, and they come from few polls. */
const MOST_LINKS = 32;
const PARENT = /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/;

/** What is exported names this project with its version. */
export function openTelemetry(version: string): Telemetry {
  const tracer = otel.trace.getTracer("ratalake", version);
  const meter = otel.metrics.getMeter("ratalake", version);
  return {
    isOn: true,
    span: (name, options, work) => inSpan(tracer, { name, ...options }, work),
    traceHeaders: headersOfNow,
    observe: (role, read) => observe(meter, role, read),
  };
}

async function inSpan<T>(
  tracer: Tracer,
  { name, attributes = {}, links = [] }: SpanOptions & { readonly name: string },
  work: () => Promise<T>,
): Promise<T> {
  const options = { attributes, links: links.flatMap(linkTo).slice(0, MOST_LINKS) };
  return await tracer.startActiveSpan(name, options, async (span) => {
    try {
      return await work();
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      span.recordException(error instanceof Error ? error : message);
      span.setStatus({ code: otel.SpanStatusCode.ERROR, message });
      throw error;
    } finally {
      span.end();
    }
  });
}

function headersOfNow(): Readonly<Record<string, string>> {
  const headers: Record<string, string> = {};
  otel.propagation.inject(otel.context.active(), headers);
  return headers;
}

/** None of what is no such header: messages come from anybody. */
function linkTo(parent: string): readonly Link[] {
  const [, traceId, spanId, flags] = PARENT.exec(parent) ?? [];
  if (traceId === undefined || spanId === undefined || flags === undefined) return [];
  if (/^0+$/.test(traceId) || /^0+$/.test(spanId)) return [];
  const context: SpanContext = { traceId, spanId, traceFlags: parseInt(flags, 16), isRemote: true };
  return [{ context }];
}

/** Names are known only when they are read: each gets its instrument when it first appears. */
function observe(meter: Meter, role: string, read: () => Figures): void {
  const known = new Set<string>();
  const register = () => {
    const { counts, gauges } = read();
    for (const name of Object.keys(counts)) {
      if (!isNew(known, `counts.${name}`)) continue;
      meter.createObservableCounter(`ratalake.${name}`).addCallback((result) => {
        register();
        result.observe(read().counts[name] ?? 0, { role });
      });
    }
    for (const name of Object.keys(gauges)) {
      if (!isNew(known, `gauges.${name}`)) continue;
      meter.createObservableGauge(`ratalake.${name}`).addCallback((result) => {
        const value = read().gauges[name];
        if (value !== undefined) result.observe(value, { role });
      });
    }
  };
  register();
}

function isNew(known: Set<string>, name: string): boolean {
  if (known.has(name)) return false;
  known.add(name);
  return true;
}
