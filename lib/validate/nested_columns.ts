/** The two nested columns of a timetable row: the list of causes and the trainReady struct. */
import type { Data, Struct } from "apache-arrow";
import { arrow } from "../packages/arrow.ts";
import { type ColumnBuffer, INITIAL_ROWS, NullableColumn, widen } from "./column_buffer.ts";
import { BoolColumn, Int64Column } from "./number_columns.ts";
import { Utf8Column } from "./text_columns.ts";
import type { Cause, TimetableRow } from "../train/train_schema.ts";

const encoder = new TextEncoder();

/** `array<struct<...>>` of the causes; absent is null, an empty list stays an empty list. */
export class CausesColumn extends NullableColumn {
  #ends = new Int32Array(INITIAL_ROWS + 1);
  readonly #fields = {
    categoryCode: new Utf8Column(),
    detailedCategoryCode: new Utf8Column(),
    categoryCodeId: new Int64Column(new arrow.Int64()),
    detailedCategoryCodeId: new Int64Column(new arrow.Int64()),
    thirdCategoryCode: new Utf8Column(),
    thirdCategoryCodeId: new Int64Column(new arrow.Int64()),
  };

  append(causes: readonly Cause[]): void {
    for (const cause of causes) {
      appendText(this.#fields.categoryCode, cause.categoryCode);
      appendText(this.#fields.detailedCategoryCode, cause.detailedCategoryCode);
      appendNumber(this.#fields.categoryCodeId, cause.categoryCodeId);
      appendNumber(this.#fields.detailedCategoryCodeId, cause.detailedCategoryCodeId);
      appendText(this.#fields.thirdCategoryCode, cause.thirdCategoryCode);
      appendNumber(this.#fields.thirdCategoryCodeId, cause.thirdCategoryCodeId);
    }
    const row = this.nextRows();
    this.#ends[row + 1] = (this.#ends[row] ?? 0) + causes.length;
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

  toData(): Data {
    const struct = structData(this.#fields, { nullCount: 0 });
    const type = new arrow.List(new arrow.Field("element", struct.type, true));
    const valueOffsets = this.#ends.subarray(0, this.length + 1);
    return arrow.makeData({ type, length: this.length, valueOffsets, child: struct, ...this.validity() });
  }

  protected grow(capacity: number): void {
    this.#ends = widen(this.#ends, new Int32Array(capacity + 1));
  }
}

/** `struct<source, accepted, timestamp>` of trainReady; absent is null. */
export class TrainReadyColumn extends NullableColumn {
  readonly #fields = { source: new Utf8Column(), accepted: new BoolColumn(), timestamp: new Utf8Column() };
  readonly #children: readonly ColumnBuffer[] = Object.values(this.#fields);

  append(ready: NonNullable<TimetableRow["trainReady"]>): void {
    this.nextRows();
    appendText(this.#fields.source, ready.source);
    const { accepted } = ready;
    if (accepted === undefined || accepted === null) this.#fields.accepted.appendNull();
    else this.#fields.accepted.append(accepted);
    appendText(this.#fields.timestamp, ready.timestamp);
  }

  override appendNull(count = 1): void {
    super.appendNull(count);
    for (const column of this.#children) column.appendNull(count);
  }

  override clear(): void {
    super.clear();
    for (const column of this.#children) column.clear();
  }

  toData(): Data {
    return structData(this.#fields, this.validity());
  }

  protected grow(): void {}
}

function structData(
  fields: Readonly<Record<string, ColumnBuffer>>,
  validity: { nullCount: number; nullBitmap?: Uint8Array },
): Data<Struct> {
  const children = Object.values(fields).map((column) => column.toData());
  const names = Object.keys(fields);
  const type = new arrow.Struct(
    children.map((child, i) => new arrow.Field(names[i] ?? "", child.type, true)),
  );
  return arrow.makeData({ type, length: children[0]?.length ?? 0, children, ...validity });
}

function appendText(column: Utf8Column, value: string | null | undefined): void {
  if (value === undefined || value === null) column.appendNull();
  else column.append(encoder.encode(value));
}

function appendNumber(column: Int64Column, value: number | null | undefined): void {
  if (value === undefined || value === null) column.appendNull();
  else column.append(value);
}
