/**
 * Spans and figures for OpenTelemetry. Off by default, when all of this does nothing; a script turns it on where its user
 * has set `OTEL_DENO`. One for the process, as the log is.
 */

/** What a span says beside its name. */
export interface SpanOptions {
  readonly attributes?: Readonly<Record<string, string | number | boolean>>;
  /** `traceparent` headers of messages that led to this. */
  readonly links?: readonly string[];
}

/** Figures of a follower, by name: what only rises, and what goes up and down. */
export interface Figures {
  readonly counts: Readonly<Record<string, number>>;
  readonly gauges: Readonly<Record<string, number>>;
}

/** Where spans and figures go. */
export interface Telemetry {
  /** Whether anything becomes of spans and figures. */
  readonly isOn: boolean;
  /** Does the work inside a span, which ends with it; an error is noted in it. */
  readonly span: <T>(name: string, options: SpanOptions, work: () => Promise<T>) => Promise<T>;
  /** Headers that carry the span of now to whoever reads a message. */
  readonly traceHeaders: () => Readonly<Record<string, string>>;
  /** Exports what `read` gives, again and again; `role` is an attribute of each figure. */
  readonly observe: (role: string, read: () => Figures) => void;
}

const NO_HEADERS = {};
const OFF: Telemetry = {
  isOn: false,
  span: (_name, _options, work) => work(),
  traceHeaders: () => NO_HEADERS,
  observe: () => {},
};
let current = OFF;

/** The telemetry of this process. */
export function telemetry(): Telemetry {
  return current;
}

/** Turns it on; null turns it off. */
export function useTelemetry(wanted: Telemetry | null): void {
  current = wanted ?? OFF;
}
