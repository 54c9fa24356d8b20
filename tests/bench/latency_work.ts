/**
 * From publish to readable: publishes changed trains at a steady pace while `process --follow` runs, and another process
 * reads the standard table in a loop. Prints one line of JSON as `measure_line.ts` reads it.
 */
import { setTimeout as sleep } from "node:timers/promises";
import type { Broker } from "../../lib/broker/broker.ts";
import { openEmbeddedBroker } from "../../lib/broker/embedded/embedded_broker.ts";
import { openTable } from "../../lib/delta/mod.ts";
import { recordsOfMetrics } from "../../lib/tables/batch_record.ts";
import { TABLE_PATHS } from "../../lib/tables/table_paths.ts";
import { startScript } from "../e2e/script_process.ts";
import { pythonPath, whyNoPython } from "../interop/python_venv.ts";
import { publishChanges, publishTrains, TOPIC } from "./publish_changes.ts";

/** When a version was first seen, in milliseconds since 1970 UTC. */
interface Sighting {
  readonly version: number;
  readonly atMs: number;
}

const [folder = "", seconds = "10"] = Deno.args;
const standard = `${folder}/${TABLE_PATHS.standard}`;

{
  await using broker = await openEmbeddedBroker({ path: `${folder}/broker.db`, clock: Date.now });
  const trains = await publishTrains(broker);
  const follower = await startScript("process", ["--follow", "--max-age", "100ms", "--json"], {
    DATA_DIR: folder,
  });
  await firstBytes(follower.stdout);
  const loaded = new Map((await broker.topicOffsets(TOPIC)).map(({ partition, end }) => [partition, end]));
  const { reader, name } = await startReader();
  const sightings = gather(reader.stdout);
  await publishChanges(broker, trains, Number(seconds));
  await sleep(2_000);
  follower.kill("SIGTERM");
  const [{ code }] = await Promise.all([follower.status, follower.stderr.cancel()]);
  reader.kill("SIGKILL");
  await reader.status;
  if (code !== 143) throw new Error(`Cannot measure latency: the follower ended with ${code}, expected 143`);
  const latencies = await latenciesOf(broker, await sightings, loaded);
  const [p50 = NaN, p95 = NaN, p99 = NaN] = [0.5, 0.95, 0.99].map((share) =>
    (latencies[Math.ceil(share * latencies.length) - 1] ?? NaN) / 1000
  );
  const text =
    `p50 ${p50.toFixed(3)} s, p95 ${p95.toFixed(3)} s, p99 ${p99.toFixed(3)} s of ${latencies.length} ` +
    `messages, until ${name} had them`;
  await Deno.writeTextFile(`${folder}/latency.txt`, text);
  console.log(JSON.stringify({ seconds: [p50], cpuSeconds: [0], result: latencies.length }));
}

async function startReader() {
  const isPython = await whyNoPython(["deltalake"]) === undefined;
  const [command, ...args] = isPython
    ? [pythonPath(), new URL("latency_reader.py", import.meta.url).pathname]
    : [Deno.execPath(), "run", "--quiet", "-P=bench", new URL("latency_reader.ts", import.meta.url).pathname];
  const reader = new Deno.Command(command ?? "", {
    args: [...args, standard],
    stdin: "null",
    stdout: "piped",
  }).spawn();
  return { reader, name: isPython ? "delta-rs" : "our own reader" };
}

/** The initial load is in; the stream is read on so that the follower is never held up. */
async function firstBytes(stream: ReadableStream<Uint8Array>): Promise<void> {
  const reader = stream.getReader();
  await reader.read();
  (async () => {
    while (!(await reader.read()).done);
  })();
}

async function gather(stream: ReadableStream<Uint8Array>): Promise<readonly Sighting[]> {
  const text = await new Response(stream).text();
  return text.trim().split("\n").map((line) => line.split(" ").map(Number))
    .map(([version = NaN, atMs = NaN]) => ({ version, atMs }));
}

/** Of every message but those of the first load, from its publish to the sight of a version with it; sorted. */
async function latenciesOf(
  broker: Broker,
  sightings: readonly Sighting[],
  loaded: ReadonlyMap<number, bigint>,
): Promise<readonly number[]> {
  const versions = await versionsOf();
  const ranges = (await broker.topicOffsets(TOPIC)).map(({ partition, end }) => ({
    partition,
    from: loaded.get(partition) ?? 0n,
    to: end,
  }));
  const found: number[] = [];
  for await (const { partition, records } of broker.read(TOPIC, ranges)) {
    for (const { offset, timestampMs } of records) {
      const version = versions.find((each) => each.partition === partition && offset < each.offsetTo)
        ?.version;
      const seen = sightings.find((each) => each.version >= (version ?? Infinity));
      if (seen === undefined) throw new Error(`Cannot measure latency: offset ${offset} was never seen`);
      found.push(seen.atMs - timestampMs);
    }
  }
  return found.sort((a, b) => a - b);
}

/** Which version brought the offsets of each partition, the oldest first. */
async function versionsOf() {
  const history = await (await openTable(standard)).history({ limit: Infinity });
  return history.toReversed().flatMap(({ version, commitInfo }) =>
    recordsOfMetrics(commitInfo.operationMetrics).map(({ partition, offsetTo }) => ({
      version,
      partition,
      offsetTo,
    }))
  );
}
