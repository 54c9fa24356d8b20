/** A run whose account cannot add up, however often it looks: recorded as it is, and failed. */
import { assert, assertEquals } from "@std/assert";
import { deleteRows, openTable, parsePredicate } from "../../lib/delta/mod.ts";
import { checkAccount } from "../../lib/quality/account.ts";
import { evaluateRun } from "../../lib/quality/evaluate_run.ts";
import { TABLE_PATHS, type TableName } from "../../lib/tables/table_paths.ts";
import { FIRST_ROUND_MS, makeRound } from "./made_up_log.ts";
import { brokerWith, memoryFolder, runProcess } from "./process_rig.ts";

const DELETED: readonly (readonly [TableName, string, string])[] = [
  ["landing", "kafkaOffset = 1", "landed = rows of the landing table"],
  ["standard", "rowNumber = 0", "rows added - removed = rows of the standard table"],
];

for (const [name, where, broken] of DELETED) {
  Deno.test(`rows that somebody deleted from ${name} fail every later run, and no run waits for them`, async () => {
    await using broker = await brokerWith(makeRound(4, 1, FIRST_ROUND_MS), 1);
    const storeOf = memoryFolder();
    const before = await runProcess({ broker, storeOf });
    assert(before.run !== null && evaluateRun(before.run).passed);
    const table = await openTable(storeOf(TABLE_PATHS[name]), { clock: () => 0, ids: () => "other" });
    await deleteRows(table, parsePredicate(where, table.snapshot.schema));
    for (const minute of [1, 2]) {
      const { run } = await runProcess({ broker, storeOf, startMs: FIRST_ROUND_MS + minute * 60_000 });
      assert(run !== null);
      assertEquals(checkAccount(run.account).filter(({ holds }) => !holds).map((each) => each.name), [
        broken,
      ]);
      assertEquals(evaluateRun(run).passed, false);
    }
  });
}
