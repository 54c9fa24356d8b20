/** The two nested columns of a timetable row: the list of causes and the trainReady struct. */
import type { Column } from "../delta/mod.ts";
import { type ColumnBuffer, columnsOf, INITIAL_ROWS, NullableColumn, widen } from "./column_buffer.ts";
import { BoolColumn, Int64Column } from "./number_columns.ts";
import { Utf8Column } from "./text_columns.ts";
import type { FieldValues } from "./values/train_values.ts";

/** `array<struct<...>>` of the causes; absent is null, an empty list stays an empty list. */
export class CausesColumn extends NullableColumn {
  #ends = new Int32Array(INITIAL_ROWS + 1);
  readonly #fields = {
    categoryCode: new Utf8Column(),
    detailedCategoryCode: new Utf8Column(),
    categoryCodeId: new Int64Column(),
    detailedCategoryCodeId: new Int64Column(),
    thirdCategoryCode: new Utf8Column(),
    thirdCategoryCodeId: new Int64Column(),
  };

  /** Appends the causes of the first `count` rows. */
  appendAll({ counts, inside }: FieldValues, count: number): void {
    const first = this.nextRows(count);
    for (let i = 0; i < count; i++) {
      const causes = counts[i] ?? -1;
      if (causes < 0) this.markNull(first + i);
      this.#ends[first + i + 1] = (this.#ends[first + i] ?? 0) + Math.max(causes, 0);
    }
    if (inside === null || inside.length === 0) return;
    for (const [name, column] of Object.entries(this.#fields)) {
      if (column instanceof Utf8Column) column.appendAll(inside.of(name).texts, inside.length);
      else column.appendAll(inside.of(name).numbers, inside.length);
    }
  }

  override appendNull(count = 1): void {
    const row = this.length;
    super.appendNull(count);
    this.#ends.fill(this.#ends[row] ?? 0, row + 1, row + count + 1);
  }

  override clear(): void {
    super.clear();
    for (const column of Object.values(this.#fields)) column.clear();
  }

  toColumn(): Column {
    const ends = this.#ends.subarray(0, this.length + 1);
    const fields = columnsOf(this.#fields);
    const elements: Column = { kind: "struct", length: ends[this.length] ?? 0, present: null, fields };
    return { kind: "list", ...this.head(), ends, elements };
  }

  protected grow(capacity: number): void {
    this.#ends = widen(this.#ends, new Int32Array(capacity + 1));
  }
}

/** `struct<source, accepted, timestamp>` of trainReady; absent is null. */
export class TrainReadyColumn extends NullableColumn {
  readonly #fields = { source: new Utf8Column(), accepted: new BoolColumn(), timestamp: new Utf8Column() };
  readonly #children: readonly ColumnBuffer[] = Object.values(this.#fields);

  /** Appends what the first `count` rows have. */
  appendAll({ counts, inside }: FieldValues, count: number): void {
    if (inside === null || inside.length === 0) return this.appendNull(count);
    const { source, accepted, timestamp } = this.#fields;
    for (let i = 0, ready = 0; i < count; i++) {
      if ((counts[i] ?? -1) < 0) this.appendNull();
      else {
        this.nextRows();
        source.appendText(inside.of("source").texts[ready] ?? null);
        accepted.appendAll(inside.of("accepted").flags.subarray(ready), 1);
        timestamp.appendText(inside.of("timestamp").texts[ready++] ?? null);
      }
    }
  }

  override appendNull(count = 1): void {
    super.appendNull(count);
    for (const column of this.#children) column.appendNull(count);
  }

  override clear(): void {
    super.clear();
    for (const column of this.#children) column.clear();
  }

  toColumn(): Column {
    return { kind: "struct", ...this.head(), fields: columnsOf(this.#fields) };
  }

  protected grow(): void {}
}
