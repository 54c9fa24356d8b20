/** The source of a merge, with its columns renamed and cast so that it can be joined with the table. */
import { pl } from "../../packages/polars.ts";
import { frameFields } from "../schema/frame_fields.ts";
import { frameColumns } from "../schema/frame_schema.ts";
import type { FileTarget } from "../write/new_data_file.ts";
import { SOURCE } from "./merge_clauses.ts";
import { formatType, type StructField } from "../schema/schema.ts";
import type { Frame } from "../schema/polars_type.ts";

/** The rows that are merged into a table, ready to be joined. */
export interface MergeSource {
  /** Its columns with `source.` before their names, the key columns once more as {@linkcode MergeSource.keys}. */
  readonly frame: Frame;
  /** The columns of the source as they were. */
  readonly fields: readonly StructField[];
  /** The key columns in `frame`, in the order of `on`. */
  readonly keys: readonly string[];
  /** The key columns of the table. */
  readonly on: readonly StructField[];
}

/** The column of a join that is true where a row has found one of the source. */
export const HIT = "merge hit";

/**
 * Takes the rows that are to be merged.
 *
 * @throws {TypeError} naming the key column that is missing on one side, or has another type there
 */
export function openSource(
  source: Frame,
  on: readonly string[],
  { schema, store }: Pick<FileTarget, "schema" | "store">,
): MergeSource {
  if (on.length === 0) {
    throw new TypeError(`Cannot merge into "${store.label}": found no key, expected columns`);
  }
  const found = frameFields(source);
  const fields = on.map((name) => keyField(name, found, schema.fields));
  const frame = withPlainStrings(source);
  const keys = on.map((_, index) => `merge key ${index}`);
  return {
    frame: frame.select(
      ...found.map(({ name }) => pl.col(name).alias(`${SOURCE}${name}`)),
      ...on.map((name, index) => pl.col(name).alias(keys[index] ?? name)),
    ),
    fields: found,
    keys,
    on: fields,
  };
}

/** The same frame with Categoricals as strings: their codes mean nothing to another frame. */
export function withPlainStrings(frame: Frame): Frame {
  const categorical = frameColumns(frame).filter(({ isCategorical }) => isCategorical);
  if (categorical.length === 0) return frame;
  return frame.withColumns(...categorical.map(({ name }) => pl.col(name).cast(pl.Utf8)));
}

function keyField(
  name: string,
  found: readonly StructField[],
  expected: readonly StructField[],
): StructField {
  const [source, target] = [found, expected].map((fields) => fields.find((field) => field.name === name));
  if (source !== undefined && target !== undefined && formatType(source.type) === formatType(target.type)) {
    return target;
  }
  const [is, shall] = [source, target].map((field) =>
    field === undefined ? "missing" : formatType(field.type)
  );
  throw new TypeError(
    `Cannot merge by the column "${name}": found ${is} in the source and ${shall} in the table, expected the same type`,
  );
}
