/** Writes what landing notes of a log; apart from reading it, which a report does too. */
import { commitComputed } from "../delta/mod.ts";
import { type LogNote, noteActions } from "./log_note.ts";
import type { TopicTable } from "./topic_table.ts";

/** Notes what the table does not have yet in one commit without rows; with nothing new there is no commit. */
export async function noteLog(landing: TopicTable, note: LogNote): Promise<void> {
  for (;;) {
    const outcome = await commitComputed(landing.delta, (snapshot) => {
      const txns = noteActions(landing, note, snapshot);
      return Promise.resolve(
        txns.length === 0 ? undefined : { operation: "NOTE LOG", adds: [], txns, reads: "none" as const },
      );
    }, { isFresh: true });
    // Another process has noted some of it at the same moment; what is left is noted next.
    if (outcome.status !== "conflict") return;
    await landing.delta.update();
  }
}
