/** Copies columns into one buffer, so that they outlive the buffers that they were filled in, and go to other threads. */
import { KIND } from "../argument_kinds.ts";
import { checkArguments } from "../check_arguments.ts";
import type { Column, Columns } from "./column.ts";

/** Where each array begins, in bytes: the widest values have eight. */
const ALIGNMENT = 8;

/**
 * The same columns as views of one buffer, which `makeBuffer` gives when it is told how many bytes are needed: a
 * `SharedArrayBuffer` is seen by other threads without another copy.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { packColumns } from "../mod.ts";
 *
 * const track = { kind: "int32", length: 2, present: null, values: Int32Array.of(4, 1) } as const;
 * const packed = packColumns({ track }, (size) => new SharedArrayBuffer(size));
 * assertEquals(packed, { track });
 * ```
 */
export function packColumns(columns: Columns, makeBuffer: (sizeBytes: number) => ArrayBufferLike): Columns {
  checkArguments("packColumns", { columns, makeBuffer }, {
    columns: KIND.columnBuffers,
    makeBuffer: KIND.callable,
  });
  let sizeBytes = 0;
  mapArrays(columns, (array) => {
    sizeBytes += aligned(array.byteLength);
    return array;
  });
  const buffer = makeBuffer(sizeBytes);
  let at = 0;
  return mapArrays(columns, (array) => {
    const copy = array instanceof Int32Array
      ? new Int32Array(buffer, at, array.length)
      : new Uint8Array(buffer, at, array.length);
    copy.set(array);
    at += aligned(array.byteLength);
    return copy as typeof array;
  });
}

function aligned(length: number): number {
  return Math.ceil(length / ALIGNMENT) * ALIGNMENT;
}

/** Gives back an array of the same kind. */
type Copy = <Kind extends Int32Array | Uint8Array>(array: Kind) => Kind;

function mapArrays(columns: Columns, copy: Copy): Columns {
  return Object.fromEntries(Object.entries(columns).map(([name, column]) => [name, mapColumn(column, copy)]));
}

function mapColumn(column: Column, copy: Copy): Column {
  const present = column.present && copy(column.present);
  switch (column.kind) {
    case "int32":
    case "boolean":
      return { ...column, present, values: copy<Int32Array | Uint8Array>(column.values) } as Column;
    case "int64":
      return { ...column, present, halves: copy(column.halves) };
    case "bytes":
      return { ...column, present, ends: copy(column.ends), bytes: copy(column.bytes) };
    case "words":
      return { ...column, present, codes: copy(column.codes) };
    case "list":
      return { ...column, present, ends: copy(column.ends), elements: mapColumn(column.elements, copy) };
    case "struct":
      return { ...column, present, fields: mapArrays(column.fields, copy) };
  }
}
