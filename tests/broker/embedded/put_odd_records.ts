/** Writes odd records into a broker file as another program does, for tests. */

import { DatabaseSync } from "node:sqlite";

import { openEmbeddedBroker } from "../../../lib/broker/embedded/embedded_broker.ts";
import type { OddRecord } from "../../contract/odd_records.ts";

/** Into a new topic of one partition. */
export async function putOddRecords(
  path: string,
  topic: string,
  records: readonly OddRecord[],
): Promise<void> {
  {
    await using broker = await openEmbeddedBroker({ path, clock: () => 0 });
    await broker.ensureTopic(topic, 1);
  }
  using database = new DatabaseSync(path);
  const found = database.prepare(
    "SELECT partition.id FROM partition JOIN topic ON topic.id = topic_id WHERE name = ?",
  ).get(topic);
  const id = Number(found?.id);
  database.exec("BEGIN");
  const insert = database.prepare("INSERT INTO record VALUES (?, ?, ?, ?, ?)");
  for (const [offset, { key, headers, timestampMs, value }] of records.entries()) {
    insert.run(id * 2 ** 40 + offset, timestampMs, key, headersCell(headers), value);
  }
  database.prepare("UPDATE partition SET next_offset = ? WHERE id = ?").run(records.length, id);
  database.exec("COMMIT");
}

/** JSON carries text only; what is none is written as a number, a list or null in turn. */
function headersCell(headers: OddRecord["headers"]): string | null {
  if (headers.length === 0) return "[broken";
  const entries = headers.map(([name, value], index) => {
    const text = value && new TextDecoder("utf-8", { ignoreBOM: true }).decode(value);
    const isText = text !== null && !text.includes("\ufffd");
    return `${JSON.stringify(name)}:${isText ? JSON.stringify(text) : ["7", "[]", "null"][index]}`;
  });
  return `{${entries.join()}}`;
}
