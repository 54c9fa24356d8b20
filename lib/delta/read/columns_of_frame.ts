/** Frames as columns in flat buffers, for programs that look at rows one by one. */
import { KIND } from "../argument_kinds.ts";
import { checkArguments } from "../check_arguments.ts";
import type { Columns } from "../columns/column.ts";
import { gatherColumns } from "../columns/gather_columns.ts";
import { decodeColumns } from "../pages/decode_columns.ts";
import { footerFacts } from "../parquet/footer_facts.ts";
import type { Frame } from "../schema/polars_type.ts";
import type { StructField } from "../schema/schema.ts";

/**
 * The columns of a frame that the fields name; the inverse of `frameOfColumns`. Texts become words where they repeat
 * and bytes where they do not. A frame without rows has no columns.
 *
 * @throws {TypeError} when a field has a column of another type, or a type that columns do not have: binary, floats,
 * decimals, maps
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import pl from "nodejs-polars";
 * import { columnsOfFrame, frameOfColumns, tableSchema } from "../mod.ts";
 *
 * const { fields } = tableSchema({ name: "string" });
 * const columns = columnsOfFrame(pl.DataFrame({ name: ["HKI", "TPE", null] }), fields);
 * assertEquals(frameOfColumns(columns, fields).toRecords(), [{ name: "HKI" }, { name: "TPE" }, { name: null }]);
 * ```
 */
export function columnsOfFrame(frame: Frame, fields: readonly StructField[]): Columns {
  checkArguments("columnsOfFrame", { frame, fields }, { frame: KIND.frame, fields: KIND.fields });
  if (frame.height === 0) return {};
  // polars shows its buffers to nobody, but writes them in a form that is read here anyway.
  const file = frame.select(...fields.map(({ name }) => name)).writeParquet({ compression: "zstd" });
  const groups = decode(file, fields);
  const [first = {}] = groups;
  if (groups.length < 2) return first;
  return gatherColumns(groups.map((columns) => {
    return { columns, from: 0, to: Object.values(columns)[0]?.length ?? 0 };
  }));
}

function decode(file: Uint8Array, fields: readonly StructField[]): readonly Columns[] {
  try {
    return [...decodeColumns(file, footerFacts(file), fields)];
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new TypeError(`Cannot make columns of the frame: ${reason}, expected one of its field's type`, {
      cause,
    });
  }
}
