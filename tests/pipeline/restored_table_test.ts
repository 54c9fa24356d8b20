/** A standard table that somebody has set back or thrown away is filled again from landing. */
import { assert, assertEquals, assertMatch } from "@std/assert";
import { deleteRows, MemoryStore, openTable, restoreTable } from "../../lib/delta/mod.ts";
import { describeImbalance } from "../../lib/pipeline/process_summary.ts";
import { TABLE_PATHS } from "../../lib/tables/table_paths.ts";
import { makeLog } from "./made_up_log.ts";
import { brokerWith, memoryFolder, runProcess } from "./process_rig.ts";
import { readContent } from "./table_content.ts";

const CONTEXT = { clock: () => 0, ids: () => "restored" };

Deno.test("a standard table that is restored with its marks is caught up from landing", async () => {
  const storeOf = memoryFolder();
  await using broker = await brokerWith(makeLog({ trains: 6 }));
  await runProcess({ broker, storeOf });
  const before = await readContent(storeOf);
  const table = await openTable(storeOf(TABLE_PATHS.standard), CONTEXT);
  const { version } = table.snapshot;
  assert(version > 2, "there are several batches");
  await restoreTable(table, { version: version - 1 }, { marks: "restore" });
  await runProcess({ broker, storeOf });
  const { standard, landing, quarantine, wrong } = await readContent(storeOf);
  assertEquals([standard, landing, quarantine], [before.standard, before.landing, before.quarantine]);
  assertEquals(wrong, []);
});

Deno.test("a standard table that is gone is rebuilt from landing", async () => {
  const [folder, fresh] = [memoryFolder(), new MemoryStore()];
  await using broker = await brokerWith(makeLog({ trains: 6 }));
  await runProcess({ broker, storeOf: folder });
  const before = await readContent(folder);
  const storeOf = (path: string) => path === TABLE_PATHS.standard ? fresh : folder(path);
  await runProcess({ broker, storeOf });
  const { standard, landing, wrong } = await readContent(storeOf);
  assertEquals([standard, landing, wrong], [before.standard, before.landing, []]);
});

Deno.test("a standard table that another program has emptied is told of, with the way out, until it is rebuilt", async () => {
  const [folder, fresh] = [memoryFolder(), new MemoryStore()];
  await using broker = await brokerWith(makeLog({ trains: 6 }));
  assertEquals(describeImbalance(await runProcess({ broker, storeOf: folder })), null);
  const table = await openTable(folder(TABLE_PATHS.standard), CONTEXT);
  await deleteRows(table, "trainNumber > 0");
  const told = describeImbalance(await runProcess({ broker, storeOf: folder })) ?? "";
  assertMatch(told, /rows added - removed = rows of the standard table: [\d,]+ against 0/);
  assertMatch(told, /rebuilt from landing by the next run when its folder is removed/);
  const storeOf = (path: string) => path === TABLE_PATHS.standard ? fresh : folder(path);
  assertEquals(describeImbalance(await runProcess({ broker, storeOf })), null);
});
