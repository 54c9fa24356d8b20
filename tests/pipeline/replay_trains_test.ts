import {
  assert,
  assertEquals,
  assertGreater,
  assertMatch,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import { gunzipSync, gzipSync } from "node:zlib";
import type { Broker, LogRecord, Message } from "../../lib/broker/broker.ts";
import { openEmbeddedBroker } from "../../lib/broker/embedded/embedded_broker.ts";
import { BrokerError, UsageError } from "../../lib/errors.ts";
import { describeReplay, replayTrains, type ReplayTrainsOptions } from "../../lib/pipeline/replay_trains.ts";
import { simulateTrains } from "../../lib/simulator/simulate_trains.ts";
import { readAll, withPublish } from "../digitraffic/test_broker.ts";

const AT_MS = Date.parse("2025-02-17T04:21:00Z");
const TOPIC = "trains";
const FOLDER = Deno.makeTempDirSync();
const RIGHTS = { read: [FOLDER], write: [FOLDER] };

globalThis.addEventListener("unload", () => Deno.removeSync(FOLDER, { recursive: true }));

/** Files and a broker of their own. */
interface World extends AsyncDisposable {
  readonly broker: Broker;
  /** Writes a file and gives its path. */
  write(name: string, content: string | Uint8Array): string;
  replay(paths: readonly string[], overrides?: Partial<ReplayTrainsOptions>): ReturnType<typeof replayTrains>;
  records(): Promise<readonly LogRecord[]>;
}

async function createWorld(): Promise<World> {
  const folder = await Deno.makeTempDir({ dir: FOLDER });
  const broker = await openEmbeddedBroker({
    path: `${folder}/broker.db`,
    clock: () => AT_MS,
    isSynced: false,
  });
  return {
    broker,
    write(name, content) {
      const path = `${folder}/${name}`;
      Deno.writeFileSync(path, typeof content === "string" ? new TextEncoder().encode(content) : content);
      return path;
    },
    replay: (paths, overrides = {}) =>
      replayTrains({ broker, topic: TOPIC, partitions: 3, files: paths, fetchedAtMs: AT_MS, ...overrides }),
    records: () => readAll(broker, TOPIC),
    async [Symbol.asyncDispose]() {
      await broker[Symbol.asyncDispose]();
      await Deno.remove(folder, { recursive: true });
    },
  };
}

function trainTexts(trains: number): readonly string[] {
  return [...simulateTrains({ seed: 9, trains, atMs: AT_MS })].map((train) => JSON.stringify(train));
}

function valuesOf(records: readonly LogRecord[]): readonly string[] {
  return records.map(({ value }) => new TextDecoder().decode(value ?? undefined)).sort();
}

Deno.test({
  name: "arrays and lines, packed or not, publish every train as it was recorded",
  permissions: RIGHTS,
  fn: async () => {
    const trains = trainTexts(30);
    const array = `[\n${trains.join(" ,\n")}\n]\n`;
    const lines = `${trains.join("\r\n\n")}`;
    const responses = `[${trains.slice(0, 10).join(",")}]\n[]\n[${trains.slice(10).join(",")}]\n`;
    const parts = new Uint8Array([...gzipSync(trains[0] + "\n"), ...gzipSync(trains.slice(1).join("\n"))]);
    const forms: readonly (readonly [string, string | Uint8Array])[] = [
      ["answer.json", array],
      ["answer.json.gz", gzipSync(array)],
      ["answers.ndjson", lines],
      ["answers.NDJSON.GZ", gzipSync(lines)],
      ["answers.jsonl", responses],
      ["parts.jsonl.gz", parts],
      // A byte order mark is no part of what it stands before, also where files were joined.
      ["marked.json", `\ufeff${array}`],
      ["marked.ndjson", `\ufeff${lines}`],
      ["joined.jsonl", responses.split("\n").map((line) => `\ufeff${line}`).join("\n")],
    ];
    for (const [name, content] of forms) {
      await using world = await createWorld();
      const path = world.write(name, content);
      const [file] = await world.replay([path]);
      const records = await world.records();
      assertEquals(valuesOf(records), [...trains].sort(), name);
      const sizeBytes = records.reduce((sum, { value }) => sum + (value?.length ?? 0), 0);
      assertEquals(file, { path, published: 30, sizeBytes, complete: true, fault: null });
      for (const record of records) {
        assertEquals(record.headers.source, `recording:${name}`);
        assertEquals(record.headers.fetchedAt, "2025-02-17T04:21:00.000Z");
        assertEquals(record.timestampMs, AT_MS);
        assertMatch(record.key ?? "", /^2025-02-1[67]\/\d+$/);
      }
    }
  },
});

Deno.test({
  name: "numbers that JavaScript cannot hold and unknown fields are replayed unchanged",
  permissions: RIGHTS,
  fn: async () => {
    await using world = await createWorld();
    const train = '{"trainNumber":1,  "departureDate":"2025-02-17","wagonId":12345678901234567890,"x":1.0e0}';
    await world.replay([world.write("a.json", `[${train}]`), world.write("b.ndjson", train)]);
    assertEquals(valuesOf(await world.records()), [train, train]);
  },
});

Deno.test({
  name: "a broken file is named with its line or byte and publishes nothing, the others go on",
  permissions: RIGHTS,
  fn: async () => {
    await using world = await createWorld();
    const [train = ""] = trainTexts(1);
    const array = `[${train},${train}]`;
    const sizeBytes = new TextEncoder().encode(array).length;
    const packed = gzipSync(array);
    const broken: readonly (readonly [string, string | Uint8Array, string])[] = [
      ["cut.json", array.slice(0, -10), `byte ${sizeBytes - 10}: found the end of the text, expected`],
      ["tail.json", `${array}]`, `byte ${sizeBytes}: found "]", expected nothing after the array`],
      ["object.json", '{"code":"X"}', 'byte 0: found "{", expected an array that begins with "["'],
      ["empty.json", "", "byte 0: found the end of the text"],
      ["value.json", `[${train}, {"a":01}]`, `byte ${(sizeBytes - 3) / 2 + 3}: found no JSON`],
      ["utf8.json", new Uint8Array([0x5b, 0x22, 0xff, 0x22, 0x5d]), "byte 1: found no JSON"],
      ["line.ndjson", `${train}\n\n${train}\n{"a":\n${train}\n`, "line 4: found no JSON"],
      ["inner.jsonl", `${train}\n[${train},]\n`, "line 2: byte"],
      ["cut.json.gz", packed.subarray(0, 200), "unexpected end of file, expected gzip data"],
      ["plain.json.gz", array, "unpacked byte 0: incorrect header check, expected gzip data"],
    ];
    const good = world.write("good.json", array);
    const paths = broken.map(([name, content]) => world.write(name, content));
    const gone = world.write("gone.json", array);
    const files = await world.replay([...paths, gone, good], { onFile: () => removeIfThere(gone) });
    for (const [index, [name, , found]] of broken.entries()) {
      const file = files[index];
      assertEquals([file?.path, file?.published, file?.complete], [paths[index], 0, false]);
      assertStringIncludes(file?.fault ?? "", `Cannot read recording "${paths[index]}": `);
      assertStringIncludes(file?.fault ?? "", found, name);
    }
    assertStringIncludes(files.at(-2)?.fault ?? "", "No such file");
    assertEquals([files.at(-1)?.published, files.at(-1)?.fault], [2, null]);
    assertEquals((await world.records()).length, 2);
  },
});

Deno.test({
  name: "JSON that is no train is published without a key",
  permissions: RIGHTS,
  fn: async () => {
    await using world = await createWorld();
    await world.replay([world.write("odd.json", '[7,null,"x",{"trainNumber":1},[[]]]')]);
    const records = await world.records();
    assertEquals(valuesOf(records), ['"x"', "7", "[[]]", "null", '{"trainNumber":1}'].sort());
    assert(records.every(({ key }) => key === null));
  },
});

Deno.test({
  name: "a replay publishes again what is there already, file by file in order",
  permissions: RIGHTS,
  fn: async () => {
    await using world = await createWorld();
    const train = (version: number) => `{"trainNumber":1,"departureDate":"2025-02-17","version":${version}}`;
    const paths = [3, 1, 3].map((version, index) => world.write(`${index}.json`, `[${train(version)}]`));
    const told: string[] = [];
    await world.replay(paths, { onFile: ({ path }) => told.push(path) });
    assertEquals(told, paths);
    const records = await world.records();
    assertEquals(
      records.map(({ value }) => JSON.parse(new TextDecoder().decode(value ?? undefined)).version),
      [3, 1, 3],
    );
  },
});

Deno.test({
  name: "long files reach the broker in chunks",
  permissions: RIGHTS,
  fn: async () => {
    await using world = await createWorld();
    const chunks: (readonly Message[])[] = [];
    const noting = withPublish(world.broker, (topic, messages) => {
      chunks.push(messages);
      return world.broker.publish(topic, messages);
    });
    const trains = trainTexts(200);
    await world.replay([world.write("long.ndjson", trains.join("\n"))], {
      broker: noting,
      chunkBytes: 100_000,
    });
    assertGreater(chunks.length, 10);
    assertEquals(chunks.flat().map(({ value }) => new TextDecoder().decode(value ?? undefined)), trains);
  },
});

Deno.test({
  name: "a signal ends the replay after the chunk under way",
  permissions: RIGHTS,
  fn: async () => {
    await using world = await createWorld();
    const stop = new AbortController();
    const stopping = withPublish(world.broker, (topic, messages) => {
      stop.abort();
      return world.broker.publish(topic, messages);
    });
    const paths = ["one.ndjson", "two.ndjson"].map((name) => world.write(name, trainTexts(50).join("\n")));
    const files = await world.replay(paths, { broker: stopping, chunkBytes: 50_000, signal: stop.signal });
    const [file] = files;
    assertEquals([files.length, file?.complete, file?.fault], [1, false, null]);
    assert(file !== undefined && file.published > 0 && file.published < 50);
    assertEquals((await world.records()).length, file.published);
  },
});

Deno.test({
  name: "patterns mean the files that match, and a name that means none ends the replay before it begins",
  permissions: RIGHTS,
  fn: async () => {
    await using world = await createWorld();
    const [one, two] = ["day-1.json", "day-2.json"].map((name) => world.write(name, "[1]"));
    const pattern = `${one?.slice(0, -6)}*.json`;
    assertEquals((await world.replay([pattern])).map(({ path }) => path), [one, two]);
    await assertRejects(() => world.replay([pattern, `${one}.gone`]), UsageError, "found no such file");
    assertEquals((await world.records()).length, 2);
  },
});

Deno.test({
  name: "a broker that refuses ends the replay",
  permissions: RIGHTS,
  fn: async () => {
    await using world = await createWorld();
    const refusing = withPublish(
      world.broker,
      () => Promise.reject(new BrokerError("Cannot publish: simulated")),
    );
    const path = world.write("a.json", "[1]");
    await assertRejects(() => world.replay([path], { broker: refusing }), BrokerError, "simulated");
  },
});

const RECORDING =
  new URL("../../../shared/data/live-trains-2025-02-17T0421Z.json.gz", import.meta.url).pathname;

Deno.test({
  name: "the recorded answer of the API is replayed whole (skipped where the recording is not)",
  permissions: { read: [FOLDER, RECORDING], write: [FOLDER] },
  ignore: !exists(RECORDING),
  fn: async () => {
    await using world = await createWorld();
    const [file] = await world.replay([RECORDING]);
    assertEquals([file?.published, file?.fault], [639, null]);
    const text = new TextDecoder().decode(gunzipSync(Deno.readFileSync(RECORDING)));
    assertEquals(file?.sizeBytes, new TextEncoder().encode(text).length - 640);
    for (const value of valuesOf(await world.records())) assert(text.includes(value));
  },
});

function removeIfThere(path: string): void {
  if (exists(path)) Deno.removeSync(path);
}

function exists(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}

Deno.test({
  name: "recorded trains go to the broker in chunks that end with the train that fills them",
  permissions: RIGHTS,
  fn: async () => {
    await using world = await createWorld();
    const texts = trainTexts(5);
    const path = world.write("trains.json", `[${texts.join(",")}]`);
    const size = (count: number) => new TextEncoder().encode(texts.slice(0, count).join("")).length;
    const found = async (chunkBytes: number) => {
      const chunks: number[] = [];
      const broker = withPublish(world.broker, (topic, messages) => {
        chunks.push(messages.length);
        return world.broker.publish(topic, messages);
      });
      await world.replay([path], { broker, chunkBytes });
      return chunks;
    };
    assertEquals(await found(1), [1, 1, 1, 1, 1]);
    assertEquals([(await found(size(2)))[0], (await found(size(2) + 1))[0]], [2, 3]);
    assertEquals(await found(size(5)), [5]);
  },
});

Deno.test({
  name: "while a file is replayed it is told how many of its trains are published, from none to all",
  permissions: RIGHTS,
  fn: async () => {
    await using world = await createWorld();
    const paths = ["a.ndjson", "b.ndjson"].map((name) => world.write(name, trainTexts(3).join("\n")));
    const told: (readonly [path: string, published: number])[] = [];
    await world.replay(paths, {
      chunkBytes: 1,
      onProgress: (path, published) => void told.push([path, published]),
    });
    assertEquals(told, paths.flatMap((path) => [0, 1, 2, 3].map((published) => [path, published] as const)));
  },
});

Deno.test("a replay says how many trains it published, of how many whole files, and how many were broken", () => {
  const file = { path: "a", published: 2, sizeBytes: 9, complete: true, fault: null };
  const broken = { ...file, published: 0, complete: false, fault: "no JSON" };
  const stopped = { ...file, published: 1, complete: false };
  assertEquals(
    describeReplay([file, file, broken, stopped]),
    "5 trains from 2 complete files; 1 broken file skipped",
  );
  assertEquals(describeReplay([]), "0 trains from 0 complete files; 0 broken files skipped");
});
