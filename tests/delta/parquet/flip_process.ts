/**
 * Reads a table whose data file has one flipped bit, over and over; a process of its own, so that what polars prints is
 * seen. Arguments: of how many bytes one is flipped. Prints how often each outcome came.
 */
import { appendFile, createTable, MemoryStore, scanTable, tableSchema } from "../../../lib/delta/mod.ts";
import { testContext } from "../test_context.ts";

const [stride = 1] = Deno.args.map(Number);
const store = new MemoryStore();
const schema = tableSchema({
  id: "long",
  name: "string",
  money: "decimal(10,2)",
  ok: "boolean",
  time: "timestamp",
});
const table = await createTable(store, { schema }, testContext());
const row = { name: "a", money: "1.50", ok: true, time: 1_739_765_000_123_456n };
const add = await table.stageRows([{ ...row, id: 1n }, { ...row, id: 2n, ok: null }], {});
await appendFile(table, add, { rows: 2 });

const file = await store.read(add.path);
const footerBytes = new DataView(file.buffer, file.byteOffset).getUint32(file.length - 8, true);
const outcomes: Record<string, number> = {};
for (let at = file.length - 8 - footerBytes; at < file.length; at += stride) {
  for (let bit = 0; bit < 8; bit++) {
    await store.put(add.path, file.map((byte, index) => index === at ? byte ^ (1 << bit) : byte));
    const outcome = await Array.fromAsync(scanTable(table)).then(() => "read", (error) => error.name);
    outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
  }
  // polars gives memory back only when the event loop turns.
  await new Promise((resolve) => setTimeout(resolve));
}
console.log(JSON.stringify(outcomes));
