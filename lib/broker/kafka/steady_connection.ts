/**
 * Makes connections of kafkajs 2.2.4 begin anew each time, and keeps their failures from ending the process.
 *
 * @module
 */

import type { Buffer } from "node:buffer";
import type { Socket } from "node:net";

import connectionClass from "kafkajs/src/network/connection.js";

const FRAME_HEAD_BYTES = 4;
/** No answer is as large: fetches ask for a few MiB, and a topic's largest message has at most 100 MiB. */
const MAX_FRAME_BYTES = 512 * 1024 * 1024;

/** What is touched of kafkajs' Connection. */
interface Connection {
  readonly broker: string;
  socket?: Socket;
  chunks: Buffer[];
  bytesBuffered: number;
  bytesNeeded: number;
  /** There while an answer to a sign-in is awaited. */
  readonly authHandlers: { onError(): void } | null;
  isConnected(): boolean;
}

type Connect = (this: Connection) => Promise<boolean>;
type ProcessData = (this: Connection, data: Buffer) => void;

const original: { readonly connect: Connect; readonly processData: ProcessData } = {
  connect: connectionClass.prototype.connect,
  processData: connectionClass.prototype.processData,
};
const connecting = new WeakMap<Connection, Promise<boolean>>();

/**
 * Replaces two methods for all connections of this process; doing it again changes nothing.
 *
 * - A broker that dies while it answers leaves half a frame; the original glues it to the first answer of the next
 *   connection, and reads lengths out of the middle of a message. Here nothing of an old socket reaches a new one.
 * - Two calls that meet a closed connection open two sockets in the original, and only one of them is ever closed.
 * - A sign-in whose connection breaks fails; in the original it waits for ever.
 * - What cannot be read fails the requests that wait for it; in the original it ends the process from inside of a
 *   callback of the socket.
 */
export function steadyConnections(): void {
  connectionClass.prototype.connect = connectOnce;
  connectionClass.prototype.processData = processCarefully;
}

function connectOnce(this: Connection): Promise<boolean> {
  if (this.isConnected()) return Promise.resolve(true);
  const pending = connecting.get(this) ??
    connectAnew(this).finally(() => connecting.delete(this));
  connecting.set(this, pending);
  return pending;
}

async function connectAnew(connection: Connection): Promise<boolean> {
  forget(connection);
  connection.chunks = [];
  connection.bytesBuffered = 0;
  connection.bytesNeeded = FRAME_HEAD_BYTES;
  const pending = original.connect.call(connection);
  connection.socket?.once("close", () => connection.authHandlers?.onError());
  return await pending;
}

/** An old socket may still get bytes, or break, long after it was given up. */
function forget({ socket, authHandlers }: Connection): void {
  if (socket === undefined) return;
  authHandlers?.onError();
  socket.removeAllListeners();
  socket.on("error", () => {});
  socket.destroy();
}

function processCarefully(this: Connection, data: Buffer): void {
  try {
    original.processData.call(this, data);
    if (this.bytesNeeded <= MAX_FRAME_BYTES) return;
    throw new RangeError(`an answer of ${this.bytesNeeded} bytes`);
  } catch (cause) {
    // The socket's error is what kafkajs fails the waiting requests with, as after any other break.
    const reason = cause instanceof Error ? cause.message : String(cause);
    this.socket?.destroy(new Error(`the broker's answer cannot be read (${reason})`));
  }
}
