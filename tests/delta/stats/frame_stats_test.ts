/** The bounds that are written of a frame. */
import { assertEquals } from "@std/assert";
import pl from "nodejs-polars";
import { createTable, MemoryStore, tableSchema } from "../../../lib/delta/mod.ts";
import { testContext } from "../test_context.ts";

Deno.test("a byte order mark at the start of a text counts in its bounds", async () => {
  const schema = tableSchema({ text: "string" });
  const table = await createTable(new MemoryStore(), { schema }, testContext());
  const { stats = "" } = await table.stageFile(pl.DataFrame({ text: ["\ufeffa", "\ufeffb", null] }));
  const { minValues, maxValues } = JSON.parse(stats);
  assertEquals([minValues.text, maxValues.text], ["\ufeffa", "\ufeffb"]);
});
