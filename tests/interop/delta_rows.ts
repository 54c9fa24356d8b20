/** Rows in the form that the peers use, see delta_peers/peer_values.py: exact, and the same for every engine. */

import { DataType, tableFromIPC, TimeUnit, Vector } from "apache-arrow";
import type pl from "nodejs-polars";
import type { DeltaTable } from "../../lib/delta/mod.ts";

/** One row, values by column. */
export type PeerRow = Readonly<Record<string, unknown>>;

type Data = Vector["data"][number];

const MICROS_PER_UNIT: Readonly<Record<number, bigint>> = {
  [TimeUnit.SECOND]: 1_000_000n,
  [TimeUnit.MILLISECOND]: 1000n,
  [TimeUnit.MICROSECOND]: 1n,
};

/** All rows of the version that the table is at. */
export async function tableRows(table: DeltaTable): Promise<readonly PeerRow[]> {
  const rows: PeerRow[] = [];
  for (const add of table.snapshot.files.values()) rows.push(...frameRows(await table.readFile(add)));
  return rows;
}

/** The rows of a frame. */
export function frameRows(frame: pl.DataFrame): readonly PeerRow[] {
  const table = tableFromIPC(frame.writeIPC());
  const columns = table.schema.fields.map(({ name }) => {
    const values = table.getChild(name)?.data.flatMap((data) => dataValues(data)) ?? [];
    return [name, values] as const;
  });
  return Array.from(
    { length: table.numRows },
    (_, row) => Object.fromEntries(columns.map(([name, values]) => [name, values[row]])),
  );
}

/** Rows in an order that depends on nothing but the rows, each as a line of JSON. */
export function sortedLines(rows: unknown): readonly string[] {
  if (!Array.isArray(rows)) throw new TypeError(`the rows are ${typeof rows}, expected an array`);
  return rows.map((row) => JSON.stringify(sortKeys(row))).toSorted();
}

function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).map(([key, part]) => [key, sortKeys(part)] as const);
  return Object.fromEntries(entries.toSorted(([left], [right]) => left < right ? -1 : 1));
}

// Looks below apache-arrow's own getters where those round: dates, times, decimals.
function dataValues(data: Data): readonly unknown[] {
  const vector = new Vector([data]);
  return Array.from(
    { length: data.length },
    (_, index) => data.getValid(index) ? valueAt(data, vector, index) : null,
  );
}

function valueAt(data: Data, vector: Vector, index: number): unknown {
  const { type, values } = data;
  if (DataType.isList(type) || DataType.isLargeList(type)) return listAt(data, index);
  if (DataType.isStruct(type)) return structAt(data, index);
  if (DataType.isDecimal(type)) return decimalText(decimalUnits(values, index), type.scale);
  if (DataType.isTimestamp(type)) return String(BigInt(values[index]) * (MICROS_PER_UNIT[type.unit] ?? 0n));
  if (DataType.isDate(type)) return new Date(Number(values[index]) * 86_400_000).toISOString().slice(0, 10);
  if (DataType.isUtf8View(type)) return textAt(data, index);
  return plainValue(vector.get(index), DataType.isFloat(type));
}

// Arrow's own reader drops a byte order mark. 16 bytes a text: its length, then itself or where it stands.
function textAt({ values, variadicBuffers }: Data, index: number): string {
  const view = new DataView(values.buffer, values.byteOffset + 16 * index, 16);
  const [length, buffer, start] = [0, 8, 12].map((at) => view.getInt32(at, true)) as [number, number, number];
  const bytes = length <= 12
    ? values.subarray(16 * index + 4, 16 * index + 4 + length)
    : variadicBuffers[buffer]?.subarray(start, start + length);
  return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
}

function plainValue(value: unknown, isFloat: boolean): unknown {
  if (value instanceof Uint8Array) return value.toHex();
  if (typeof value === "bigint") return String(value);
  if (typeof value !== "number") return value;
  return isFloat && Number.isFinite(value) ? value : String(value);
}

function listAt(data: Data, index: number): unknown {
  const [items] = data.children;
  // 64-bit offsets in a large list.
  const [start, end] = [Number(data.valueOffsets[index]), Number(data.valueOffsets[index + 1])];
  const values = items === undefined ? [] : dataValues(items.slice(start, end - start));
  return isMap(items) ? values.toSorted(byKey) : values;
}

// polars has no maps: it gives a list of entries.
function isMap(items: Data | undefined): boolean {
  return items !== undefined &&
    items.type.children?.map(({ name }: { name: string }) => name).join() === "key,value";
}

function byKey(left: unknown, right: unknown): number {
  return JSON.stringify(left) < JSON.stringify(right) ? -1 : 1;
}

function structAt(data: Data, index: number): PeerRow {
  const names: readonly { readonly name: string }[] = data.type.children ?? [];
  const entries = data.children.map((child, position) =>
    [names[position]?.name ?? "", dataValues(child.slice(index, 1))[0]] as const
  );
  return Object.fromEntries(entries);
}

function decimalUnits(words: Uint32Array, index: number): bigint {
  const parts = [...words.subarray(4 * index, 4 * index + 4)];
  const unsigned = parts.reduceRight((units, word) => (units << 32n) | BigInt(word), 0n);
  return BigInt.asIntN(128, unsigned);
}

function decimalText(units: bigint, scale: number): string {
  const digits = String(units < 0n ? -units : units).padStart(scale + 1, "0");
  const whole = digits.slice(0, digits.length - scale);
  const text = scale === 0 ? whole : `${whole}.${digits.slice(digits.length - scale)}`;
  return units < 0n ? `-${text}` : text;
}
