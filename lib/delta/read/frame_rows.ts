/** The rows of a frame as exact values of JavaScript. */
import { KIND } from "../argument_kinds.ts";
import { checkArguments } from "../check_arguments.ts";
import type { Data, DataType as ArrowType, Table, Vector } from "apache-arrow";
import { arrow } from "../../packages/arrow.ts";
import { textReader } from "../parquet/arrow_values.ts";
import { formatDate } from "../schema/calendar.ts";
import type { Row } from "../schema/row_value.ts";
import { type DataType, decimalOf, type StructField } from "../schema/schema.ts";
import type { Frame } from "../schema/polars_type.ts";

/** Gives the value at a row. */
type Read = (index: number) => unknown;

/**
 * The rows of a frame, exact, in the form that `stageRows` takes: bigint for long, and microseconds since 1970 for
 * timestamp, `YYYY-MM-DD` for date, digits for decimal, bytes for binary, arrays, objects, a Map for map.
 *
 * The frame has to have these columns with these types, as one that was read from the table has.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import pl from "nodejs-polars";
 * import { appendFrame, createTable, frameRows, MemoryStore, scanTable, tableSchema } from "../mod.ts";
 *
 * let names = 0;
 * const outside = { clock: () => Date.UTC(2025, 1, 17), ids: () => `id-${names++}` };
 * const schema = tableSchema({ name: "string", track: "double" });
 * const table = await createTable(new MemoryStore(), { schema }, outside);
 * await appendFrame(table, pl.DataFrame({ name: ["HKI", "TPE"], track: [4, 1.5] }));
 * for await (const frame of scanTable(table)) {
 *   assertEquals([...frameRows(frame, schema.fields)], [{ name: "HKI", track: 4 }, { name: "TPE", track: 1.5 }]);
 * }
 * ```
 */
export function* frameRows(frame: Frame, fields: readonly StructField[]): Generator<Row> {
  checkArguments("frameRows", { frame, fields }, { frame: KIND.frame, fields: KIND.fields });
  if (fields.length === 0 || frame.height === 0) return;
  yield* arrowRows(arrow.tableFromIPC(frame.writeIPC()), fields);
}

function* arrowRows(table: Table, fields: readonly StructField[]): Generator<Row> {
  for (const batch of table.batches) {
    const reads = fields.map(({ name, type }) => {
      const column = batch.schema.fields.findIndex((field) => field.name === name);
      const data = batch.data.children[column];
      if (data === undefined) throw new TypeError(`Cannot read the column "${name}": found no such column`);
      return [name, readerOf(data, type)] as const;
    });
    for (let index = 0; index < batch.numRows; index++) {
      yield Object.fromEntries(reads.map(([name, read]) => [name, read(index)]));
    }
  }
}

function readerOf(data: Data, type: DataType): Read {
  const read = valueReader(data, type);
  return data.nullCount === 0 ? read : (index) => data.getValid(index) ? read(index) : null;
}

function valueReader(data: Data, type: DataType): Read {
  if (typeof type !== "string") {
    return type.type === "struct" ? structReader(data, type.fields) : listReader(data, type);
  }
  const { values } = data;
  const decimal = decimalOf(type);
  if (decimal !== undefined) return decimalReader(new arrow.Vector([data]), decimal.scale);
  // Arrow's own way to read these goes through numbers and loses digits.
  if (values instanceof BigInt64Array && data.typeId === arrow.Type.Timestamp) {
    return (index) => values[index];
  }
  if (values instanceof Int32Array && data.typeId === arrow.Type.Date) {
    return (index) => formatDate(values[index] ?? 0);
  }
  if (type === "string") return textReader(data);
  const vector = new arrow.Vector([data]);
  return (index) => vector.get(index);
}

function structReader(data: Data, fields: readonly StructField[]): Read {
  const names = (data.type as ArrowType).children.map(({ name }) => name);
  const reads = fields.flatMap(({ name, type }) => {
    const child = data.children[names.indexOf(name)];
    return child === undefined ? [] : [[name, readerOf(child, type)] as const];
  });
  return (index) => Object.fromEntries(reads.map(([name, read]) => [name, read(index)]));
}

function listReader(data: Data, type: Exclude<DataType, string>): Read {
  const [child] = data.children;
  if (child === undefined) throw new TypeError("Cannot read a list column: found no elements");
  const { valueOffsets } = data;
  const slice = (read: Read) => (index: number) => {
    const [start, end] = [Number(valueOffsets[index]), Number(valueOffsets[index + 1])];
    return Array.from({ length: end - start }, (_, at) => read(start + at));
  };
  if (type.type === "array") return slice(readerOf(child, type.elementType));
  if (type.type !== "map") throw new TypeError("Cannot read a list column: expected array or map");
  const [keys, values] = child.children;
  if (keys === undefined || values === undefined) {
    throw new TypeError("Cannot read a map column: found no keys");
  }
  const [key, value] = [readerOf(keys, type.keyType), readerOf(values, type.valueType)];
  const entries = slice((index) => [key(index), value(index)] as const);
  return (index) => new Map(entries(index) as readonly (readonly [unknown, unknown])[]);
}

// 128 bits in words of 32, the lowest first, the highest with the sign.
function decimalReader(vector: Vector, scale: number): Read {
  return (index) => {
    const words: unknown = vector.get(index);
    if (!(words instanceof Uint32Array) && !(words instanceof Int32Array)) return null;
    const unsigned = Array.from(words).reduceRight((sum, word) => (sum << 32n) | BigInt(word >>> 0), 0n);
    return decimalText(BigInt.asIntN(32 * words.length, unsigned), scale);
  };
}

function decimalText(unscaled: bigint, scale: number): string {
  const digits = String(unscaled < 0n ? -unscaled : unscaled).padStart(scale + 1, "0");
  const sign = unscaled < 0n ? "-" : "";
  return scale <= 0 ? sign + digits : `${sign}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}
