/** The columns of a frame with their Arrow types: `df.schema` is of no use, it throws when there is a Binary column. */
import type { Field } from "apache-arrow";
import { arrow } from "../../packages/arrow.ts";
import type { Frame } from "./polars_type.ts";

/** The columns of a frame, in their order. */
export function arrowFields(frame: Frame): readonly Field[] {
  // A table would be made with vectors that nobody reads, which takes ten times as long.
  return arrow.RecordBatchReader.from(frame.head(0).writeIPC()).open().schema.fields;
}
