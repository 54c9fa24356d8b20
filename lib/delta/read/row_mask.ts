/** Sets of rows as bits, applied to frames. */
import { arrow } from "../../packages/arrow.ts";
import { Buffer } from "node:buffer";
import { pl } from "../../packages/polars.ts";
import type { RowMask } from "./roaring_bitmap.ts";
import type { Frame, Series } from "../schema/polars_type.ts";

/** The rows of a frame that a mask does not name, in their order. */
export function dropRows(frame: Frame, mask: RowMask): Frame {
  return frame.filter(maskSeries(mask.map((byte) => ~byte), frame.height));
}

/** The rows of a frame that a mask names, in their order. */
export function keepRows(frame: Frame, mask: RowMask): Frame {
  return frame.filter(maskSeries(mask, frame.height));
}

/** The bits of some rows, the first of them in the lowest bit. */
export function sliceMask(mask: RowMask, start: number, rowCount: number): RowMask {
  const [firstByte, shift] = [start >>> 3, start & 7];
  return Uint8Array.from({ length: Math.ceil(rowCount / 8) }, (_, index) => {
    const [low, high] = [mask[firstByte + index] ?? 0, mask[firstByte + index + 1] ?? 0];
    return (low | (high << 8)) >> shift;
  });
}

function maskSeries(mask: RowMask, length: number): Series {
  const data = arrow.makeData({ type: new arrow.Bool(), length, nullCount: 0, data: mask });
  const table = new arrow.Table({ keep: new arrow.Vector([data]) });
  return pl.readIPC(Buffer.from(arrow.tableToIPC(table, "file"))).getColumn("keep");
}
