/** Puts values into a table, one after another: a statement for each row would take three times as long. */
import type { DatabaseSync, SQLInputValue, StatementSync } from "node:sqlite";

/** Of one INSERT. */
const MAX_VALUES = 1000;

/** Takes the values of some columns, row by row; {@linkcode finish} has to be called. */
export class Inserter {
  readonly #database: DatabaseSync;
  readonly #head: string;
  readonly #columns: number;
  readonly #most: number;
  readonly #many: StatementSync;
  #values: SQLInputValue[] = [];

  /** The names are ready for SQL. */
  constructor(database: DatabaseSync, table: string, columns: readonly string[]) {
    this.#database = database;
    this.#columns = columns.length;
    this.#head = `INSERT INTO ${table} (${columns.join(", ")}) VALUES `;
    const rows = Math.max(1, Math.floor(MAX_VALUES / columns.length));
    this.#most = rows * columns.length;
    this.#many = this.#insertOf(rows);
    database.exec("BEGIN");
  }

  /** The next value; with the last of a row the row is whole. */
  push(value: SQLInputValue): void {
    if (this.#values.push(value) < this.#most) return;
    this.#many.run(...this.#values);
    this.#values = [];
  }

  /** All rows are there. */
  finish(): void {
    const values = this.#values;
    this.#values = [];
    if (values.length > 0) this.#insertOf(values.length / this.#columns).run(...values);
    this.#database.exec("COMMIT");
  }

  #insertOf(rows: number): StatementSync {
    const row = `(${Array(this.#columns).fill("?").join(", ")})`;
    return this.#database.prepare(this.#head + Array(rows).fill(row).join(", "));
  }
}
