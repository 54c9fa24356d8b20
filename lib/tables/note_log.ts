/** Writes what a table notes of a log; apart from reading it, which a report does too. */
import { commitComputed, type DeltaTable, type SetTransaction, type Snapshot } from "../delta/mod.ts";
import { type LogNote, noteActions } from "./log_note.ts";
import type { TopicTable } from "./topic_table.ts";

/** Notes what landing does not have yet. */
export async function noteLog(landing: TopicTable, note: LogNote): Promise<void> {
  await noteIn(landing.delta, (snapshot) => noteActions(landing, note, snapshot));
}

/** Commits the actions without rows; with nothing new there is no commit. */
export async function noteIn(
  table: DeltaTable,
  actionsOf: (snapshot: Snapshot) => readonly SetTransaction[],
): Promise<void> {
  for (;;) {
    const outcome = await commitComputed(table, (snapshot) => {
      const txns = actionsOf(snapshot);
      return Promise.resolve(
        txns.length === 0 ? undefined : { operation: "NOTE LOG", adds: [], txns, reads: "none" as const },
      );
    }, { isFresh: true });
    // Another process has noted some of it at the same moment; what is left is noted next.
    if (outcome.status !== "conflict") return;
    await table.update();
  }
}
