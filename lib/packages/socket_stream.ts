/** A WebSocket as the kind of stream that packages for MQTT take, on either side. */
import { Buffer } from "node:buffer";
import { Duplex } from "node:stream";

/** Options of {@linkcode socketStream}. */
export interface SocketStreamOptions {
  /** Sees all bytes that come, before anybody keeps them; what it throws ends the stream. */
  readonly inspect?: (bytes: Uint8Array) => void;
}

/** The stream ends with the socket, and the socket with the stream. */
export function socketStream(socket: WebSocket, { inspect }: SocketStreamOptions = {}): Duplex {
  socket.binaryType = "arraybuffer";
  const opened = whenOpen(socket);
  const send = (bytes: Uint8Array<ArrayBuffer>, done: (error?: Error | null) => void) => {
    opened.then(() => socket.send(bytes)).then(() => done(), done);
  };
  const stream = new Duplex({
    read() {},
    write: (chunk, _encoding, done) => send(chunk, done),
    // One frame per packet, which packages write in pieces.
    writev: (chunks, done) => send(Buffer.concat(chunks.map(({ chunk }) => chunk)), done),
    final: (done) => {
      socket.close();
      done();
    },
    destroy: (error, done) => {
      if (socket.readyState < WebSocket.CLOSING) socket.close();
      done(error);
    },
  });
  opened.catch((error) => stream.destroy(error));
  socket.addEventListener("message", ({ data }) => {
    if (stream.destroyed) return;
    const bytes = Buffer.from(data);
    try {
      inspect?.(bytes);
      stream.push(bytes);
    } catch (error) {
      stream.destroy(error instanceof Error ? error : new Error(String(error)));
    }
  });
  socket.addEventListener("error", (event) => stream.destroy(new Error(reasonOf(event))));
  socket.addEventListener("close", () => {
    if (stream.destroyed) return;
    stream.push(null);
    stream.destroy();
  });
  return stream;
}

async function whenOpen(socket: WebSocket): Promise<void> {
  if (socket.readyState === WebSocket.OPEN) return;
  await new Promise<void>((resolve, reject) => {
    socket.addEventListener("open", () => resolve(), { once: true });
    socket.addEventListener("error", (event) => reject(new Error(reasonOf(event))), { once: true });
    socket.addEventListener("close", () => reject(new Error("the connection was closed")), { once: true });
  });
}

function reasonOf(event: Event): string {
  return event instanceof ErrorEvent && event.message !== "" ? event.message : "the connection broke";
}
