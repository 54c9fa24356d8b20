/** Frees the memory of frames that are no longer used; part of the host, as it asks the runtime for it. */
import { setImmediate } from "node:timers/promises";

/**
 * polars frees a frame when V8 has collected its handle *and* the event loop has turned. V8 sees only the small handle,
 * so it collects late: with `--v8-flags=--expose-gc` it is asked to.
 */
export async function releaseMemory(): Promise<void> {
  await setImmediate();
  const { gc } = globalThis as { readonly gc?: () => void };
  gc?.();
  await setImmediate();
}
