/** What is worked out of the files of the standard table, kept from when their rows were at hand. */
import { type Add, type Columns, type DeltaTable, gatherColumns, rowCount } from "../delta/mod.ts";
import { type DateFacts, dateFacts, joinFacts } from "./date_facts.ts";
import { STANDARD_PARTITION } from "../tables/standard_schema.ts";
import { fileKey } from "./outdated_dates.ts";
import { readByFrame, readWhole } from "./read_whole.ts";
import { ROUTE_SCHEMA } from "./routes.ts";

/** How much is kept. */
export interface FileFactsOptions {
  /** Legs in memory, from which on it is time to use them; each takes some hundred bytes with what belongs to it. */
  readonly legLimit?: number;
}

interface KeptFacts {
  readonly facts: DateFacts;
  readonly date: string;
  /** The batch that wrote the file. */
  readonly batch: number;
}

/** Facts by data file. Files never change, so they stay true until they are forgotten. */
export class FileFacts {
  readonly #byFile = new Map<string, KeptFacts>();
  readonly #legLimit: number;
  #legs = 0;
  #batch = 0;

  constructor({ legLimit = 300_000 }: FileFactsOptions = {}) {
    this.#legLimit = legLimit;
  }

  /** Whether there is as much as should be in memory. */
  get isFull(): boolean {
    return this.#legs >= this.#legLimit;
  }

  /** Works out the facts of a file that was just written, while its rows are in memory. */
  remember(add: Add, rows: Columns): void {
    const facts = dateFacts(rows);
    const date = add.partitionValues[STANDARD_PARTITION] ?? "";
    this.#byFile.set(fileKey(add), { facts, date, batch: this.#batch });
    this.#legs += rowCount(facts.legs);
  }

  /** Ends a batch and gives the dates that it left alone, though batches before it did not, each with its files. */
  endBatch(): ReadonlyMap<string, readonly string[]> {
    const newest = this.#batch++;
    const byDate = Map.groupBy(this.#byFile, ([, { date }]) => date);
    const left = [...byDate].filter(([, files]) => files.every(([, { batch }]) => batch < newest));
    return new Map(left.map(([date, files]) => [date, files.map(([key]) => key)]));
  }

  /** Lets go of these files, or of all: the tables have it. */
  forget(files: Iterable<string> = [...this.#byFile.keys()]): void {
    for (const key of files) {
      this.#legs -= rowCount(this.#byFile.get(key)?.facts.legs ?? {});
      this.#byFile.delete(key);
    }
  }

  /** The facts of one departure date, which these files are. */
  async ofDate(standard: DeltaTable, files: readonly Add[]): Promise<DateFacts> {
    const parts: DateFacts[] = [];
    for (const add of files) {
      parts.push(
        this.#byFile.get(fileKey(add))?.facts ?? dateFacts(await readWhole(standard, add, ROUTE_SCHEMA)),
      );
    }
    return joinFacts(parts) ?? await readTogether(standard, files);
  }
}

/** Another engine has written parts of a train into several files. */
async function readTogether(standard: DeltaTable, files: readonly Add[]): Promise<DateFacts> {
  const parts: Columns[] = [];
  for (const add of files) parts.push(await readByFrame(standard, add, ROUTE_SCHEMA));
  return dateFacts(gatherColumns(parts.map((columns) => ({ columns, from: 0, to: rowCount(columns) }))));
}
