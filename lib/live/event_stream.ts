/** Server-sent events to one browser, with a bound on what waits for it. */
import type { LiveMessages } from "./messages.ts";

/** A browser that has not read so much is let go: it connects again and gets all anew. */
const MOST_WAITING_BYTES = 8 * 1024 * 1024;
/** After so long it tries again when the stream ends. */
const RETRY_MS = 2_000;
const encoder = new TextEncoder();

/** One open connection. */
export class EventStream {
  readonly body: ReadableStream<Uint8Array>;
  readonly #onEnd: () => void;
  #controller: ReadableStreamDefaultController<Uint8Array> | null = null;

  /** `onEnd` is called once, however the stream ends. */
  constructor(onEnd: () => void) {
    this.#onEnd = onEnd;
    this.body = new ReadableStream<Uint8Array>({
      start: (controller) => {
        this.#controller = controller;
        controller.enqueue(encoder.encode(`retry: ${RETRY_MS}\n\n`));
      },
      cancel: () => this.#end(),
    }, new ByteLengthQueuingStrategy({ highWaterMark: MOST_WAITING_BYTES }));
  }

  /** JSON has no line feeds, so that an event is one line. */
  send<Name extends keyof LiveMessages>(name: Name, message: LiveMessages[Name]): void {
    this.#write(`event: ${name}\ndata: ${JSON.stringify(message)}\n\n`);
  }

  close(): void {
    this.#controller?.close();
    this.#end();
  }

  #write(text: string): void {
    const controller = this.#controller;
    if (controller === null) return;
    const bytes = encoder.encode(text);
    if ((controller.desiredSize ?? 0) >= bytes.length) return controller.enqueue(bytes);
    // An error drops what waits; after a mere end it would stay in memory until it is read.
    this.#end();
    controller.error(new Error("The browser reads too slowly"));
  }

  #end(): void {
    if (this.#controller === null) return;
    this.#controller = null;
    this.#onEnd();
  }
}
