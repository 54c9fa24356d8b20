/** Frames of a chunk hold what its bytes held; the bytes are given back, where no other thread goes on with them. */
import { assertEquals } from "@std/assert";
import pl from "nodejs-polars";
import { toFrames } from "../../lib/validate/chunk_frames.ts";
import type { EncodedChunk } from "../../lib/validate/validate_chunk.ts";

function ipcOf(numbers: readonly number[], makeBuffer: (size: number) => ArrayBufferLike): Uint8Array {
  const ipc = pl.DataFrame({ n: [...numbers] }).writeIPC();
  const bytes = new Uint8Array(makeBuffer(ipc.length));
  bytes.set(ipc);
  return bytes;
}

const MEMORY: readonly (readonly [name: string, make: (size: number) => ArrayBufferLike, isKept: boolean])[] =
  [
    ["this thread's own", (size) => new ArrayBuffer(size), false],
    ["shared", (size) => new SharedArrayBuffer(size), true],
  ];

for (const [name, makeBuffer, isKept] of MEMORY) {
  Deno.test(`a chunk's bytes become frames, and their memory is ${isKept ? "kept" : "given back"} where it is ${name}`, () => {
    const [landing, rows] = [ipcOf([1, 2], makeBuffer), ipcOf([3], makeBuffer)];
    const sizes = [landing.length, rows.length];
    const place = { partition: 0, firstOffset: 0n, nextOffset: 2n, messages: 2, sizeBytes: 9, seconds: 1 };
    const result = { ...place, spans: [], rejections: [], drift: new Map() };
    const chunk: EncodedChunk = { ...result, landing, rows };
    const frames = toFrames(chunk);
    assertEquals({ ...frames, landing: frames.landing.toRecords(), rows: frames.rows?.toRecords() }, {
      ...result,
      landing: [{ n: 1 }, { n: 2 }],
      rows: [{ n: 3 }],
    });
    assertEquals([landing.length, rows.length], isKept ? sizes : [0, 0]);
    assertEquals(toFrames({ ...result, landing: ipcOf([], makeBuffer), rows: null }).rows, null);
  });
}
