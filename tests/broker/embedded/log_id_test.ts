/** The name of a broker file: what tells it from another at the same place. */
import { assertEquals, assertMatch, assertNotEquals } from "@std/assert";
import { DatabaseSync } from "node:sqlite";
import { openEmbeddedBroker } from "../../../lib/broker/embedded/embedded_broker.ts";

async function idOf(path: string): Promise<string | null> {
  await using broker = await openEmbeddedBroker({ path, clock: () => 0 });
  return await broker.logId("trains");
}

Deno.test("each broker file gets a name of its own and keeps it", async () => {
  const folder = await Deno.makeTempDir();
  const [one, other] = [await idOf(`${folder}/one.db`), await idOf(`${folder}/other.db`)];
  assertMatch(one ?? "", /^[0-9a-f]{32}$/);
  assertNotEquals(one, other);
  assertEquals([await idOf(`${folder}/one.db`), await idOf(`${folder}/other.db`)], [one, other]);
  await Deno.remove(folder, { recursive: true });
});

Deno.test("a file without a name, of version 0.1.0, gets one, the same for all that open it at once", async () => {
  const folder = await Deno.makeTempDir();
  const path = `${folder}/broker.db`;
  await idOf(path);
  const database = new DatabaseSync(path);
  database.exec("DROP TABLE log");
  database.close();
  const ids = await Promise.all([idOf(path), idOf(path), idOf(path)]);
  assertEquals(new Set(ids).size, 1);
  assertMatch(ids[0] ?? "", /^[0-9a-f]{32}$/);
  await Deno.remove(folder, { recursive: true });
});
