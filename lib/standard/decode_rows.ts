/** Arrow IPC rows of a slice as a polars frame with the types of the standard table. */
import { Buffer } from "node:buffer";
import pl from "nodejs-polars";
import { STANDARD_SCHEMA } from "./standard_schema.ts";

/** A polars frame. */
export type Frame = pl.DataFrame;

/** Made once: polars builds an expression in some 60 µs, which adds up over slices. */
const PLAIN_STRINGS = STANDARD_SCHEMA.fields
  .filter(({ type, name }) => type === "string" && name !== "trainTravelId")
  .map(({ name }) => pl.col(name).cast(pl.Utf8));

/** Dictionary columns become plain strings, so that frames of different slices and of data files fit together. */
export function decodeRows(ipc: Uint8Array): Frame {
  const frame = pl.readIPC(Buffer.from(ipc.buffer, ipc.byteOffset, ipc.byteLength));
  return frame.withColumns(...PLAIN_STRINGS);
}
