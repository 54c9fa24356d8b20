/** The OpenTelemetry API, loaded when it is first used: only where somebody has turned it on. */
import type * as api from "@opentelemetry/api";
import { loadLazily } from "./load_lazily.ts";

export type { Link, Meter, SpanContext, Tracer } from "@opentelemetry/api";

/** What `import * as otel from "@opentelemetry/api"` gives. */
export const otel: typeof api = loadLazily("@opentelemetry/api");
