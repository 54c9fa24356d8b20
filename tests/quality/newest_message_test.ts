/** The time of the newest message, from statistics where files have them and from the rows where not. */
import { assertEquals } from "@std/assert";
import { type Add, appendFile, createTable, MemoryStore, tableSchema } from "../../lib/delta/mod.ts";
import { newestMessageTime } from "../../lib/quality/newest_message.ts";
import { countReads } from "./counted_reads.ts";
import { testContext } from "../delta/test_context.ts";

const SCHEMA = tableSchema({ n: "long", kafkaMessageTimestamp: "timestamp" });
const at = (minute: number) => new Date(Date.UTC(2025, 1, 17, 5, minute));

/** A table with a file of each list of minutes; null is a message without a time. */
async function tableOf(files: readonly { readonly minutes: readonly (number | null)[]; stats?: boolean }[]) {
  const table = await createTable(new MemoryStore(), { schema: SCHEMA }, testContext());
  for (const { minutes, stats = true } of files) {
    const rows = minutes.map((minute) => ({
      n: 1n,
      kafkaMessageTimestamp: minute === null ? null : at(minute),
    }));
    const add = await table.stageRows(rows);
    const { stats: _, ...bare } = add;
    const written: Add = stats ? add : bare;
    await appendFile(table, written, { rows: rows.length });
  }
  const counted = countReads(table);
  return { newest: await newestMessageTime(counted.table), reads: counted.reads() };
}

Deno.test("the newest message is found in whichever file it is, and no file is read that says so itself", async () => {
  const orders = [[[3, 9], [1], [4]], [[1], [4], [9, 3]], [[4], [3, 9], [1]]];
  for (const order of orders) {
    assertEquals(await tableOf(order.map((minutes) => ({ minutes }))), { newest: at(9), reads: 0 });
  }
});

Deno.test("a file without statistics is looked into, alone", async () => {
  for (const minutes of [[12, 2], [2, 3], [null, 12], [null]]) {
    const { newest, reads } = await tableOf([{ minutes: [9] }, { minutes, stats: false }, { minutes: [1] }]);
    assertEquals([newest, reads], [minutes.includes(12) ? at(12) : at(9), 1]);
  }
});

Deno.test("where no message has a time there is no newest one", async () => {
  assertEquals(await tableOf([]), { newest: null, reads: 0 });
  assertEquals(await tableOf([{ minutes: [null, null] }]), { newest: null, reads: 0 });
  assertEquals(await tableOf([{ minutes: [null] }, { minutes: [0] }, { minutes: [null] }]), {
    newest: at(0),
    reads: 0,
  });
});
