/** A broker file that another program has changed, or that was cut off: refused in words, or read as far as it is a log. */

import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { DatabaseSync } from "node:sqlite";

import { openEmbeddedBroker } from "../../../lib/broker/embedded/embedded_broker.ts";
import { BrokerError } from "../../../lib/errors.ts";
import { noise } from "../../contract/broker_topic.ts";

const clock = () => 1_739_766_060_000;
const MESSAGES = Array.from({ length: 10 }, (_, index) => ({
  key: `${index}`,
  value: noise(100, index),
  headers: { name: `${index}` },
}));

/** A file with ten messages that nobody has open. */
async function inFile(work: (path: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  const path = `${folder}/broker.db`;
  try {
    await using broker = await openEmbeddedBroker({ path, clock });
    await broker.ensureTopic("t", 1);
    await broker.publish("t", MESSAGES);
    await broker[Symbol.asyncDispose]();
    await work(path);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Runs statements of another program. */
function change(path: string, sql: string): void {
  using other = new DatabaseSync(path, { enableForeignKeyConstraints: false });
  other.exec(sql);
}

/** The offsets that a read of the whole topic brings, and where its last chunk says it ends. */
async function readOffsets(path: string, from = 0n) {
  await using broker = await openEmbeddedBroker({ path, clock });
  const [log] = await broker.topicOffsets("t");
  const range = { partition: 0, from, to: log?.end ?? 0n };
  const chunks = await Array.fromAsync(broker.read("t", [range], { maxChunkBytes: 250 }));
  const offsets = chunks.flatMap(({ records }) => records.map(({ offset }) => Number(offset)));
  return { offsets, nextOffset: chunks.at(-1)?.nextOffset };
}

const FOREIGN: Readonly<Record<string, string>> = {
  'the trigger "thief"':
    "CREATE TRIGGER thief AFTER INSERT ON record BEGIN DELETE FROM record WHERE id = NEW.id; END",
  'the trigger "message"':
    "DROP VIEW message; CREATE TRIGGER message AFTER UPDATE ON partition BEGIN SELECT 1; END",
  'the index "fast"': "CREATE INDEX fast ON record (key)",
  'the table "notes"': "CREATE TABLE notes (text TEXT)",
  'the view "look"': "CREATE VIEW look AS SELECT * FROM record",
  'its view "message" is another than ours': "DROP VIEW message; CREATE VIEW message AS SELECT 1",
  'its view "record" is another than ours':
    "DROP VIEW message; ALTER TABLE record RENAME TO kept; CREATE VIEW record AS SELECT * FROM kept; DROP TABLE kept",
  'its table "record" is another than ours': "ALTER TABLE record ADD COLUMN more TEXT",
  'its table "group_offset" is another than ours':
    "DROP TABLE group_offset; CREATE TABLE group_offset (group_name, partition_id, next_offset)",
  'it has no table "group_offset"': "DROP TABLE group_offset",
};

Deno.test("whatever is in the file beside our tables is named and refused, with the way out", async () => {
  for (const [found, sql] of Object.entries(FOREIGN)) {
    await inFile(async (path) => {
      change(path, sql);
      const failure = await assertRejects(
        () => openEmbeddedBroker({ path, clock }),
        BrokerError,
        undefined,
        found,
      );
      assertStringIncludes(failure.message, `Cannot use broker file "${path}"`);
      assertStringIncludes(failure.message, found);
      assertStringIncludes(failure.message, "move it away together with the tables");
    });
  }
});

Deno.test("a trigger that comes while the file is open is not obeyed, by no call", async () => {
  await inFile(async (path) => {
    await using broker = await openEmbeddedBroker({ path, clock });
    assertEquals((await broker.topicOffsets("t")).length, 1);
    change(path, FOREIGN['the trigger "thief"'] ?? "");
    const calls = [
      () => broker.publish("t", MESSAGES),
      () => broker.ensureTopic("other", 1),
      () => broker.commitOffsets("g", "t", new Map([[0, 1n]])),
      () => broker.applyRetention("t", { maxPartitionBytes: 0 }),
    ];
    for (const call of calls) await assertRejects(call, BrokerError, 'the trigger "thief"');
    change(path, "DROP TRIGGER thief");
    await broker.publish("t", MESSAGES);
    assertEquals((await broker.topicOffsets("t")).map(({ end }) => end), [20n]);
  });
});

Deno.test("a file that was analysed, was looked at by programs, or has lost the view for people is still ours", async () => {
  const nothing = "CREATE TABLE gone (id); DROP TABLE gone";
  for (const sql of ["ANALYZE", nothing, "DROP VIEW message", "PRAGMA journal_mode = DELETE"]) {
    await inFile(async (path) => {
      change(path, sql);
      assertEquals((await readOffsets(path)).offsets.length, 10, sql);
    });
  }
});

Deno.test("texts that are not in UTF-8 are refused", async () => {
  await inFile(async (path) => {
    const other = path.replace("broker", "utf16");
    change(other, "PRAGMA encoding = 'UTF-16'; PRAGMA application_id = 1381256267; CREATE TABLE topic (id)");
    await assertRejects(
      () => openEmbeddedBroker({ path: other, clock }),
      BrokerError,
      "its texts are in UTF-16",
    );
  });
});

Deno.test("offsets that no log has are refused by every call, in words", async () => {
  const rows = [
    "earliest = -3",
    "next_offset = -1",
    "earliest = 11",
    "next_offset = 4611686018427387904",
    "next_offset = 1099511627776",
    "size_bytes = -1",
    "partition = 1",
    "id = 8192",
    "id = -1",
  ];
  for (const row of rows) {
    await inFile(async (path) => {
      change(path, `UPDATE partition SET ${row}`);
      await using broker = await openEmbeddedBroker({ path, clock });
      const calls = [
        () => broker.topicOffsets("t"),
        () => broker.publish("t", MESSAGES),
        () => Array.fromAsync(broker.read("t", [{ partition: 0, from: 0n, to: 1n }])),
        () => broker.applyRetention("t", { maxAgeMs: 1 }),
      ];
      for (const call of calls) {
        const failure = await assertRejects(call, BrokerError, "expected those of a log", row);
        assertStringIncludes(failure.message, "move it away");
      }
    });
  }
});

Deno.test("offsets of a group of any 64 bits, and turns of a topic, stop nothing", async () => {
  await inFile(async (path) => {
    {
      await using broker = await openEmbeddedBroker({ path, clock });
      await broker.commitOffsets("g", "t", new Map([[0, 1n]]));
    }
    change(
      path,
      `UPDATE group_offset SET next_offset = ${2n ** 62n}; UPDATE topic SET unkeyed = -${2n ** 62n} + 1`,
    );
    await using broker = await openEmbeddedBroker({ path, clock });
    assertEquals(await broker.committedOffsets("g", "t"), new Map([[0, 2n ** 62n]]));
    await broker.publish("t", [{ key: null, value: null, headers: {} }]);
  });
});

Deno.test("records that somebody deleted are gaps, wherever they are", async () => {
  const all = Array.from({ length: 10 }, (_, index) => index);
  for (const gone of [[0], [9], [4], [3, 4, 5], [0, 9], [0, 2, 4, 6, 8], [5, 6, 7, 8, 9], all]) {
    await inFile(async (path) => {
      change(path, `DELETE FROM record WHERE id & 0xffffffffff IN (${gone.join()})`);
      const { offsets, nextOffset } = await readOffsets(path);
      assertEquals(offsets, all.filter((offset) => !gone.includes(offset)));
      assertEquals(nextOffset, 10n);
    });
  }
});

Deno.test("records that expire while they are read are no gap", async () => {
  await inFile(async (path) => {
    await using broker = await openEmbeddedBroker({ path, clock });
    const read = async () => {
      for await (const _ of broker.read("t", [{ partition: 0, from: 0n, to: 10n }], { maxChunkBytes: 250 })) {
        await broker.applyRetention("t", { maxPartitionBytes: 300 });
      }
    };
    await assertRejects(read, BrokerError, "records expired while they were read");
  });
});

Deno.test("a file that was cut off anywhere is an error in words, or still the whole log", async () => {
  await inFile(async (path) => {
    const whole = await Deno.readFile(path);
    let refused = 0;
    for (let size = 1; size < whole.length; size += 9973) {
      await Deno.writeFile(path, whole.subarray(0, size));
      try {
        assertEquals((await readOffsets(path)).offsets.length, 10);
      } catch (cause) {
        assert(cause instanceof BrokerError, String(cause));
        assertStringIncludes(cause.message, `"${path}"`);
        refused++;
      }
    }
    assert(refused > 20, `${refused}`);
  });
});

Deno.test("a journal or a write-ahead log of something else beside the file does no harm", async () => {
  for (const suffix of ["-journal", "-wal"]) {
    await inFile(async (path) => {
      await Deno.writeFile(`${path}${suffix}`, noise(70_000));
      assertEquals((await readOffsets(path)).offsets.length, 10);
    });
  }
});

Deno.test("a place below a file is refused in words, with the settings that name another", async () => {
  await inFile(async (path) => {
    const failure = await assertRejects(
      () => openEmbeddedBroker({ path: `${path}/broker.db`, clock }),
      BrokerError,
    );
    assertStringIncludes(failure.message, "a part of its path is a file");
    assertStringIncludes(failure.message, "set DATA_DIR or BROKER_FILE");
  });
});
