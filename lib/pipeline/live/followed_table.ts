/** A table that is opened when it is there, and followed, also when another is put in its place. */
import type { DeltaTable } from "../../delta/mod.ts";
import { type AnswerSource, openKnown } from "../answers/read_analysis.ts";

/** A table, and how the commit begins that it was seen at. */
interface Seen {
  readonly table: DeltaTable;
  readonly version: number;
  readonly commit: string | null;
}

/** Of a commit: its time and the names of new files, which no other commit has. */
const HEAD_BYTES = 4096;

/** One table, which may come, go and come again as another one while it is followed. */
export class FollowedTable {
  readonly #source: AnswerSource;
  readonly #path: string;
  #seen: Seen | null = null;

  constructor(source: AnswerSource, path: string) {
    this.#source = source;
    this.#path = path;
  }

  /** The table at its newest version, the same object as long as it is the same table; null while there is none. */
  async look(): Promise<DeltaTable | null> {
    const seen = this.#seen;
    this.#seen = null;
    const table = (seen === null ? null : await goOn(seen)) ?? await openKnown(this.#source, this.#path);
    if (table === null) return null;
    const isSame = table === seen?.table && table.snapshot.version === seen.version;
    this.#seen = isSame ? seen : await note(table);
    return table;
  }
}

/** Null when the log was cleaned up behind it, or its folder has gone or is that of another table. */
async function goOn({ table, version, commit }: Seen): Promise<DeltaTable | null> {
  if (commit === null || await commitHead(table, version) !== commit) return null;
  try {
    await table.update();
    return table;
  } catch {
    // Opening it anew says what is wrong, or that nothing is.
    return null;
  }
}

async function note(table: DeltaTable): Promise<Seen> {
  const { version } = table.snapshot;
  return { table, version, commit: await commitHead(table, version) };
}

async function commitHead({ store }: DeltaTable, version: number): Promise<string | null> {
  // So Delta calls it.
  const path = `_delta_log/${String(version).padStart(20, "0")}.json`;
  try {
    const bytes = await store.read(path, { offset: 0, length: HEAD_BYTES });
    return new TextDecoder().decode(bytes);
  } catch {
    return null;
  }
}
