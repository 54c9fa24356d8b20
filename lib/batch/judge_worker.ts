/** Worker thread: judges the slices that come in, one message each way per slice. */
import { judgeSlice } from "./judge_slice.ts";
import type { PackedSlice } from "./packed_slice.ts";

interface WorkerScope {
  onmessage: ((event: MessageEvent<{ readonly slice: PackedSlice; readonly topic: string }>) => void) | null;
  postMessage(message: unknown, transfer: Transferable[]): void;
}

const scope = globalThis as unknown as WorkerScope;

scope.onmessage = ({ data: { slice, topic } }) => {
  const judged = judgeSlice(slice, topic, () => performance.now());
  const buffers = [judged.landing.buffer, ...(judged.rows === null ? [] : [judged.rows.buffer])];
  scope.postMessage(judged, buffers.filter((buffer) => buffer instanceof ArrayBuffer));
  // The message bytes are in the answer; the garbage collector would keep them for a while.
  slice.bytes.buffer.transfer(0);
};
