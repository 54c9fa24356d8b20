/**
 * The failures of the API, by name, for tests and curious users.
 *
 * @module
 */

const STATUS_FAULTS = {
  "404": () => textAnswer(404, "Not Found"),
  "408": () => textAnswer(408, "Request Timeout"),
  "429": () => textAnswer(429, "Too many requests"),
  "429-retry-after": () => textAnswer(429, "Too many requests", { "Retry-After": "7" }),
  "500": () => textAnswer(500, "Internal Server Error"),
  "503": () => textAnswer(503, "Service Unavailable: backend fetch failed"),
  "503-retry-after": () => textAnswer(503, "Service Unavailable", { "Retry-After": "3" }),
  /** The API reports some errors with status 200. */
  "error-object": () =>
    jsonAnswer({ queryString: "", code: "TRAIN_LIMIT_EXCEEDED", errorMessage: "Too many trains asked for" }),
  "empty": () => new Response(null, { status: 200 }),
  "cut": () => brokenAnswer((controller) => controller.error(new Error("simulated break"))),
  "hang": () => brokenAnswer(() => {}),
} as const;

/** Name of a fault. */
export type SimulatedFault = keyof typeof STATUS_FAULTS;

/** The names of all faults. */
export const SIMULATED_FAULTS: readonly SimulatedFault[] = Object.keys(STATUS_FAULTS).filter(isFault);

/** True when the text names a fault. */
export function isFault(name: string | null): name is SimulatedFault {
  return name !== null && Object.hasOwn(STATUS_FAULTS, name);
}

/** The answer that the fault gives. */
export function faultyAnswer(fault: SimulatedFault): Response {
  return STATUS_FAULTS[fault]();
}

function textAnswer(status: number, text: string, headers: Readonly<Record<string, string>> = {}): Response {
  return new Response(text, { status, headers: { "Content-Type": "text/plain", ...headers } });
}

function jsonAnswer(value: unknown): Response {
  return new Response(JSON.stringify(value), { headers: { "Content-Type": "application/json" } });
}

/** Begins an array of trains, then does something else than going on. */
function brokenAnswer(then: (controller: ReadableStreamDefaultController<Uint8Array>) => void): Response {
  let begun = false;
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      if (begun) return then(controller);
      begun = true;
      controller.enqueue(new TextEncoder().encode('[{"trainNumber":1,'));
    },
  }, { highWaterMark: 0 });
  return new Response(body, { headers: { "Content-Type": "application/json" } });
}
