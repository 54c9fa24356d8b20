/** Rows of the Parquet files of a log without polars and Arrow, which take more time and memory for them, and to load. */
import { checkLogFile } from "../parquet/check_log_file.ts";
import { columnOf, type GroupFacts, type GroupPlace } from "../parquet/footer_facts.ts";
import { type SchemaNode, schemaTree } from "../parquet/schema_tree.ts";
import { readLeafColumn } from "./leaf_column.ts";
import { columnReader } from "./nested_columns.ts";
import type { Levels } from "./page_parts.ts";
import type { ReadColumn, ReadLeaf } from "./plain_leaf.ts";

type ParquetRow = Readonly<Record<string, unknown>>;

/** A column of the file: one kind of action. */
interface Kind {
  readonly name: string;
  readonly read: ReadColumn;
}

/** What is read of a file at once, and what when somebody asks. */
export interface LogRows {
  readonly rows: Iterable<ParquetRow>;
  /** The rows of the column that was left out, from row groups that are large; undefined when there are none. */
  readonly later: (() => Iterable<ParquetRow>) | undefined;
}

/** The columns of a row group that are not empty. */
interface GroupColumns {
  readonly count: number;
  readonly columns: readonly { readonly name: string; readonly values: readonly unknown[] }[];
}

const NO_LEVELS: Levels = { definition: 0, repetition: 0 };
/** What a column with lists may have. */
const MAX_SLOTS_PER_ROW = 64;
const HARMLESS_SLOTS = 1_000_000;

/** Fewer rows are read at once: what is wrong with them is seen at once then. */
const MANY_ROWS = 1_000;

/**
 * The rows of all row groups as `readParquetRows` gives them. Undefined when a column is not of the plain types that
 * actions have, or when anything is odd about the file: the other way reads it, or says what is wrong.
 */
export function readLogRows(file: Uint8Array): Iterable<ParquetRow> | undefined {
  return readLogRowsBut(file, undefined)?.rows;
}

/**
 * The same but for a column that hardly anybody needs, where it may have many rows. That one is looked at when it is
 * asked for, which may throw then.
 */
export function readLogRowsBut(file: Uint8Array, leftOut: string | undefined): LogRows | undefined {
  try {
    const facts = checkLogFile(file);
    const kinds = kindsOf(schemaTree(facts.schema));
    if (kinds === undefined) return undefined;
    const others = kinds.filter(({ name }) => name !== leftOut);
    const isMany = ({ rows }: GroupFacts) => leftOut !== undefined && rows >= MANY_ROWS;
    const rows = rowsOf(
      facts.groups.map((group) => readGroup(file, { ...facts, group }, isMany(group) ? others : kinds)),
    );
    const many = facts.groups.filter(isMany), left = kinds.filter(({ name }) => name === leftOut);
    const later = () => rowsOf(many.map((group) => readGroup(file, { ...facts, group }, left)));
    return { rows, later: many.length * left.length === 0 ? undefined : later };
  } catch {
    return undefined;
  }
}

function kindsOf({ children }: SchemaNode): readonly Kind[] | undefined {
  const kinds = children.flatMap((column): readonly Kind[] => {
    const read = columnReader(column, NO_LEVELS);
    return read === undefined ? [] : [{ name: column.element.name, read }];
  });
  return new Set(kinds.map(({ name }) => name)).size < children.length ? undefined : kinds;
}

function readGroup(file: Uint8Array, place: GroupPlace, kinds: readonly Kind[]): GroupColumns {
  const count = place.group.rows;
  const readLeaf: ReadLeaf = (node, levels) => {
    const column = columnOf(place, node);
    assertSlots(column.values, count, levels);
    return readLeafColumn(file, column, levels);
  };
  const columns = kinds.flatMap(({ name, read }) => {
    const { values, definitions } = read(readLeaf);
    if (definitions.length === count) return values === undefined ? [] : [{ name, values }];
    throw new RangeError(`found ${definitions.length} rows of "${name}", expected ${count}`);
  });
  return { count, columns };
}

// A few bytes may say millions of slots.
function assertSlots(slots: number, rows: number, { repetition }: Levels): void {
  const most = Math.max(HARMLESS_SLOTS, rows * MAX_SLOTS_PER_ROW);
  if (repetition === 0 ? slots === rows : slots <= most) return;
  throw new RangeError(`found ${slots} values in ${rows} rows, expected as many`);
}

// One row at a time: what is not kept is gone at once.
function* rowsOf(groups: readonly GroupColumns[]): Generator<ParquetRow> {
  for (const { count, columns } of groups) {
    // Where all has been left out there is nothing to say, row by row.
    if (columns.length === 0) continue;
    for (let index = 0; index < count; index++) {
      const row: Record<string, unknown> = {};
      for (let at = 0; at < columns.length; at++) {
        const { name = "", values } = columns[at] ?? {};
        const value = values?.[index] ?? null;
        if (value !== null) row[name] = value;
      }
      yield row;
    }
  }
}
