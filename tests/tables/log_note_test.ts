import { assertEquals } from "@std/assert";
import { createTable, MemoryStore, openTable, tableSchema } from "../../lib/delta/mod.ts";
import { notedLogIds } from "../../lib/tables/log_note.ts";
import { noteLog } from "../../lib/tables/note_log.ts";
import { TopicTable } from "../../lib/tables/topic_table.ts";
import { testContext } from "../delta/test_context.ts";

async function openLanding(store: MemoryStore, process: string, topic = "trains"): Promise<TopicTable> {
  const schema = tableSchema({ n: "long" });
  const isThere = (await store.list("")).length > 0;
  const context = testContext(process);
  const delta = isThere ? await openTable(store, context) : await createTable(store, { schema }, context);
  return new TopicTable(delta, { name: "landing", topic });
}

Deno.test("a note says where each partition begins and which log it is; noting it again is no commit", async () => {
  const landing = await openLanding(new MemoryStore(), "a");
  const note = { logId: "log-1", starts: new Map([[0, 0n], [1, 40n]]) };
  let reads = 0;
  const { store } = landing.delta;
  const { read, list } = store;
  store.read = (...given) => (reads++, read.apply(store, given));
  store.list = (...given) => (reads++, list.apply(store, given));
  for (let round = 0; round < 2; round++) {
    reads = 0;
    await noteLog(landing, note);
    assertEquals(landing.delta.snapshot.version, 1);
    assertEquals([landing.startOffsets(), landing.nextOffsets()], [note.starts, note.starts]);
    assertEquals(notedLogIds(landing), ["log-1"]);
  }
  // Each run begins with it, so it is not to cost a look at the log.
  assertEquals(reads, 0);
});

Deno.test("what is new is added: a partition, a name; a partition that is known keeps its start", async () => {
  const landing = await openLanding(new MemoryStore(), "a");
  await noteLog(landing, { logId: null, starts: new Map([[0, 5n]]) });
  assertEquals(notedLogIds(landing), []);
  await noteLog(landing, { logId: "log-1", starts: new Map([[0, 9n], [1, 2n]]) });
  assertEquals(landing.startOffsets(), new Map([[0, 5n], [1, 2n]]));
  await noteLog(landing, { logId: "log-2", starts: new Map() });
  assertEquals([notedLogIds(landing), landing.delta.snapshot.version], [["log-1", "log-2"], 3]);
  await noteLog(landing, { logId: null, starts: new Map() });
  assertEquals(landing.delta.snapshot.version, 3);
});

Deno.test("processes that note the same at the same moment, or part of it, make one note", async () => {
  const store = new MemoryStore();
  const [first, second, third] = [
    await openLanding(store, "a"),
    await openLanding(store, "b"),
    await openLanding(store, "c"),
  ];
  const note = { logId: "log-1", starts: new Map([[0, 3n]]) };
  await Promise.all([noteLog(first, note), noteLog(second, note)]);
  await noteLog(third, { ...note, starts: new Map([[0, 7n], [1, 1n]]) });
  const reader = await openLanding(store, "reader");
  assertEquals([reader.startOffsets(), notedLogIds(reader)], [new Map([[0, 3n], [1, 1n]]), ["log-1"]]);
  assertEquals(reader.delta.snapshot.version, 2);
});

Deno.test("topics in one table have notes of their own", async () => {
  const store = new MemoryStore();
  await noteLog(await openLanding(store, "a"), { logId: "log-1", starts: new Map([[0, 3n]]) });
  const other = await openLanding(store, "b", "trains2");
  assertEquals([notedLogIds(other), other.startOffsets()], [[], new Map()]);
});
