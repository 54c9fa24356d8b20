/** Arrow columns as the values of JavaScript, whole columns at a time: a getter for each value costs ten times as much. */
import type { Vector } from "apache-arrow";
import { arrow } from "../../packages/arrow.ts";
import { isAscii } from "node:buffer";

/** One chunk of a column. */
export type ArrowData = Vector["data"][number];

type Objects = Readonly<Record<string, unknown>>;

// Of the 16 bytes of a view 4 are the length; up to 12 bytes of text follow, or a start, a buffer and a place in it.
const VIEW_BYTES = 16;
const INLINE_BYTES = 12;

/**
 * The values of a column in order, null for null. Integers are numbers where those are exact and bigints where not,
 * structs are objects without their nulls, lists of `key` and `value` (maps) are objects by key.
 */
export function arrowValues(data: ArrowData): readonly unknown[] {
  const { type } = data;
  if (arrow.DataType.isStruct(type)) return structs(data);
  if (arrow.DataType.isList(type) || arrow.DataType.isLargeList(type)) return lists(data);
  if (arrow.DataType.isUtf8View(type)) return texts(data);
  const { values } = data;
  if (values instanceof BigInt64Array && arrow.DataType.isInt(type)) {
    return fill(data, (index) => toExactNumber(values[index] ?? 0n));
  }
  const vector = new arrow.Vector([data]);
  return fill(data, (index) => vector.get(index));
}

function fill(data: ArrowData, valueAt: (index: number) => unknown): readonly unknown[] {
  const { length, nullBitmap, offset } = data;
  const hasNulls = data.nullCount > 0;
  const values = new Array<unknown>(length);
  for (let index = 0; index < length; index++) {
    const bit = offset + index;
    const isNull = hasNulls && ((nullBitmap[bit >> 3] ?? 0) >> (bit & 7) & 1) === 0;
    values[index] = isNull ? null : valueAt(index);
  }
  return values;
}

/** A number where it is exact. */
export function toExactNumber(value: bigint): number | bigint {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

function structs(data: ArrowData): readonly unknown[] {
  const fields: readonly { readonly name: string }[] = data.type.children ?? [];
  const columns = data.children.map((child, index) => ({
    name: fields[index]?.name ?? "",
    values: arrowValues(child),
  }) // No field of the log has this name; setting it would set the prototype.
  ).filter(({ name }) => name !== "__proto__");
  return fill(data, (index) => {
    const object: Record<string, unknown> = {};
    for (const { name, values } of columns) if (values[index] !== null) object[name] = values[index];
    return object;
  });
}

function lists(data: ArrowData): readonly unknown[] {
  const { valueOffsets, children: [child] } = data;
  const names = child?.type.children?.map(({ name }: { readonly name: string }) => name).join();
  if (child !== undefined && names === "key,value") return maps(data, child);
  const values = child === undefined ? [] : arrowValues(child);
  return fill(data, (index) => values.slice(Number(valueOffsets[index]), Number(valueOffsets[index + 1])));
}

function maps(data: ArrowData, { children: [keyData, valueData] }: ArrowData): readonly Objects[] {
  const keys = keyData === undefined ? [] : arrowValues(keyData);
  const values = valueData === undefined ? [] : arrowValues(valueData);
  return fill(data, (index) => {
    const entries: [string, unknown][] = [];
    const end = Number(data.valueOffsets[index + 1]);
    for (let at = Number(data.valueOffsets[index]); at < end; at++) {
      entries.push([String(keys[at]), values[at]]);
    }
    return Object.fromEntries(entries);
  }) as readonly Objects[];
}

function texts(data: ArrowData): readonly unknown[] {
  return fill(data, textReader(data));
}

/** Reads texts one by one, each exactly as it is: Arrow's own reader drops a byte order mark from its start. */
export function textReader(data: ArrowData): (index: number) => unknown {
  if (arrow.DataType.isDictionary(data.type)) return wordReader(data);
  if (!arrow.DataType.isUtf8View(data.type)) {
    const { valueOffsets } = data, slice = sliceText(data.values);
    return (index) => {
      const start = Number(valueOffsets[index]);
      return slice(start, Number(valueOffsets[index + 1]) - start);
    };
  }
  const views: Uint8Array = data.values;
  const header = new DataView(views.buffer, views.byteOffset, views.byteLength);
  const inline = sliceText(views);
  const buffers = data.variadicBuffers.map((bytes) => sliceText(bytes));
  return (index) => {
    const at = VIEW_BYTES * index;
    const length = header.getInt32(at, true);
    if (length <= INLINE_BYTES) return inline(at + 4, length);
    return buffers[header.getInt32(at + 8, true)]?.(header.getInt32(at + 12, true), length);
  };
}

function wordReader({ values, dictionary }: ArrowData): (index: number) => unknown {
  const words = (dictionary?.data ?? []).flatMap((part: ArrowData) => {
    const textAt = textReader(part);
    return Array.from({ length: part.length }, (_, index) => textAt(index));
  });
  return (index) => words[Number(values[index])];
}

// Text that is all ASCII is decoded once; its parts are then as far apart as their bytes.
function sliceText(bytes: Uint8Array): (start: number, length: number) => string {
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  if (isAscii(bytes)) {
    const text = decoder.decode(bytes);
    return (start, length) => text.substring(start, start + length);
  }
  return (start, length) => decoder.decode(bytes.subarray(start, start + length));
}
