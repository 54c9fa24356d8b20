/**
 * The values of one train field by field, on their way from the message into the columns. Both ways of reading a
 * message end here; the room is used again for the next message.
 */
import { widen } from "../column_buffer.ts";
import { type Field, KIND, TRAIN_FIELDS } from "./field_table.ts";
import { RowKeys } from "./row_keys.ts";

/** A flag that is absent. An absent text is null, an absent number NaN, an absent list or object has the count -1. */
export const NO_FLAG = 2;

const FIRST_ROOM = 64;

/** A train as it was read, and the ids of its rows. */
export interface TrainValues {
  readonly train: ObjectValues;
  readonly keys: RowKeys;
}

/** Room for one train. */
export function createTrainValues(): TrainValues {
  return { train: new ObjectValues(TRAIN_FIELDS), keys: new RowKeys() };
}

/** One field of all objects of a kind; only the lists that its kind calls for are filled. */
export class FieldValues {
  readonly field: Field;
  readonly kind: number;
  readonly texts: (string | null)[] = [];
  /** Numbers, dates as days since 1970, times as microseconds since 1970 UTC. */
  numbers = new Float64Array();
  flags = new Uint8Array();
  /** How many of the objects inside belong to each object. */
  counts = new Int32Array();
  /** Where a text or a time stands in the message; only the scanner says it. */
  starts = new Int32Array();
  ends = new Int32Array();
  /** The objects inside, of all objects one after another. */
  readonly inside: ObjectValues | null;

  constructor(field: Field) {
    this.field = field;
    this.kind = field.kind;
    this.inside = field.nested && new ObjectValues(field.nested);
    this.grow(FIRST_ROOM);
  }

  text(object: number): string | null {
    return this.texts[object] ?? null;
  }

  number(object: number): number | null {
    const value = this.numbers[object] ?? NaN;
    return Number.isNaN(value) ? null : value;
  }

  flag(object: number): boolean | null {
    const value = this.flags[object] ?? NO_FLAG;
    return value === NO_FLAG ? null : value === 1;
  }

  /** Makes the field absent. */
  omit(object: number): void {
    if (this.kind === KIND.text) this.texts[object] = null;
    else if (this.kind === KIND.flag) this.flags[object] = NO_FLAG;
    else if (this.inside !== null) this.counts[object] = -1;
    else this.numbers[object] = NaN;
  }

  grow(room: number): void {
    const { kind } = this;
    if (kind === KIND.flag) this.flags = widen(this.flags, new Uint8Array(room));
    else if (this.inside !== null) this.counts = widen(this.counts, new Int32Array(room));
    else if (kind !== KIND.text) this.numbers = widen(this.numbers, new Float64Array(room));
    if (kind === KIND.text || kind === KIND.time) {
      this.starts = widen(this.starts, new Int32Array(room));
      this.ends = widen(this.ends, new Int32Array(room));
    }
  }
}

/** All objects of one kind in a message: the train, its rows, their causes. */
export class ObjectValues {
  readonly fields: readonly FieldValues[];
  readonly #byName: ReadonlyMap<string, FieldValues>;
  /** Objects so far. */
  length = 0;
  #room = FIRST_ROOM;

  constructor(fields: readonly Field[]) {
    this.fields = fields.map((field) => new FieldValues(field));
    this.#byName = new Map(this.fields.map((values) => [values.field.name, values]));
  }

  /** The values of a field by its name on the wire. */
  of(name: string): FieldValues {
    const values = this.#byName.get(name);
    if (values === undefined) {
      throw new RangeError(`Cannot read the field "${name}": the schema does not have it`);
    }
    return values;
  }

  /** The objects inside a field. */
  inside(name: string): ObjectValues {
    const { inside } = this.of(name);
    if (inside === null) throw new RangeError(`Cannot read the field "${name}": it holds no objects`);
    return inside;
  }

  /** Forgets all objects. */
  clear(): void {
    this.length = 0;
    for (const { inside } of this.fields) inside?.clear();
  }

  /** Adds an object and returns its place; each field has to be set or omitted then. */
  add(): number {
    if (this.length === this.#room) {
      this.#room *= 2;
      for (const field of this.fields) field.grow(this.#room);
    }
    return this.length++;
  }
}
