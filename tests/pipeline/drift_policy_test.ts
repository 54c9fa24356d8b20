/** Messages that a schema policy keeps out: accounted for, released when the policy is loosened, decided once across deaths. */
import { assert, assertEquals, assertRejects } from "@std/assert";
import type { Broker, Message } from "../../lib/broker/broker.ts";
import { openTable } from "../../lib/delta/mod.ts";
import { replayLake } from "../../lib/pipeline/quarantine/replay_lake.ts";
import { pick, type Random, seededRandom } from "../../lib/simulator/seeded_random.ts";
import { openLake } from "../../lib/tables/lake.ts";
import { TABLE_PATHS } from "../../lib/tables/table_paths.ts";
import { FIRST_ROUND_MS, makeRound, SOME_BAD_MESSAGES, trainMessage } from "./made_up_log.ts";
import { mortal, type MortalFolder, untilDeath } from "./mortal_stores.ts";
import { brokerWith, memoryFolder, policyFileOf, runProcess, type StoreOf, TOPIC } from "./process_rig.ts";
import { readContent, rowsOf } from "./table_content.ts";

/** Every how manieth moment is tried; without it some that matter. */
const STRIDE = Number(Deno.env.get("RATALAKE_CRASH_STRIDE") ?? 0);
const SIZES = { chunkBytes: 30_000, maxBatchBytes: 60_000 };
const STRICT = "schema: discard_row", LOOSE = "schema: evolve";
let ids = 0;

/** Two rounds of trains, of which some have a field or a value that nobody knows, and messages that are no trains. */
function driftedLog(): readonly Message[] {
  const random = seededRandom(5, 1);
  const rounds = [0, 1_800_000, 0].flatMap((laterMs) => makeRound(4, 1, FIRST_ROUND_MS + laterMs));
  const messages = rounds.map((message) => {
    const train = JSON.parse(new TextDecoder().decode(message.value ?? undefined));
    const choice = random();
    if (choice < 0.3) train.timeTableRows[1].platform = "\u001b[2J";
    else if (choice < 0.5) train.timetableType = "NEW";
    return choice < 0.5 ? trainMessage(train) : message;
  });
  const [first] = messages;
  for (const value of SOME_BAD_MESSAGES) {
    const bytes = typeof value === "string" ? new TextEncoder().encode(value) : value;
    if (first !== undefined) {
      messages.splice(Math.floor(random() * messages.length), 0, { ...first, value: bytes });
    }
  }
  return messages;
}

const LOG = driftedLog();

/** The places of messages that have drifted, as the broker has them. */
async function driftedPlaces(broker: Broker): Promise<readonly { partition: number; offset: bigint }[]> {
  const ranges = (await broker.topicOffsets(TOPIC)).map(({ partition, earliest, end }) => ({
    partition,
    from: earliest,
    to: end,
  }));
  const places: { partition: number; offset: bigint }[] = [];
  for await (const { partition, records } of broker.read(TOPIC, ranges)) {
    for (const { offset, value } of records) {
      const text = new TextDecoder().decode(value ?? undefined);
      if (/"platform"|"NEW"/.test(text)) places.push({ partition, offset });
    }
  }
  return places;
}

/** Where quarantine has messages for their drift, and at which paths. */
async function keptOut(storeOf: StoreOf) {
  const context = { clock: () => 0, ids: () => "none" };
  const rows = await rowsOf(await openTable(storeOf(TABLE_PATHS.quarantine), context));
  const mine = rows.filter(({ reasonCode }) => reasonCode === "schema_drift");
  return {
    places: mine.map((row) => `${row.kafkaPartition}:${row.kafkaOffset}`).sort(),
    paths: [...new Set(mine.map(({ jsonPath }) => String(jsonPath)))].sort(),
  };
}

const contextOf = () => {
  const name = `drift${ids++}`;
  let files = 0;
  return { clock: () => FIRST_ROUND_MS, ids: () => `${name}-${files++}`, backoff: () => Promise.resolve() };
};

async function replay(storeOf: StoreOf, policy: string): Promise<number> {
  const surroundings = {
    monotonic: () => 0,
    signal: new AbortController().signal,
    releaseMemory: () => Promise.resolve(),
  };
  const options = { filter: {}, surroundings, policyFile: policyFileOf(policy) };
  return (await replayLake({ storeOf, ...contextOf() }, options)).released;
}

/** All but the bounds of batches; and what was counted as drift. */
async function contentOf(storeOf: StoreOf) {
  const { batches, ...content } = await readContent(storeOf);
  return { ...content, drift: batches.at(-1) };
}

Deno.test("what a policy keeps out is accounted for, stays while the policy does, and is released once when it is loosened", async () => {
  await using broker = await brokerWith(LOG);
  const [folder, free] = [memoryFolder(), memoryFolder()];
  const { run } = await runProcess({ broker, storeOf: folder, policy: STRICT, ...SIZES });
  await runProcess({ broker, storeOf: free, ...SIZES });
  const drifted = (await driftedPlaces(broker)).map(({ partition, offset }) => `${partition}:${offset}`)
    .sort();
  assert(drifted.length > 5);
  assertEquals(await keptOut(folder), {
    places: drifted,
    paths: ["$.timeTableRows[1].platform", "$.timetableType"],
  });
  assertEquals(run?.quarantineReasons.schema_drift, drifted.length);
  const expected = await contentOf(free);
  const { wrong, drift } = await contentOf(folder);
  assertEquals([wrong, drift], [[], expected.drift]);
  assertEquals(await replay(folder, STRICT), 0);
  const known = "known: ['$.timeTableRows[].platform']";
  const some = await replay(folder, `schema: { fields: discard_row, values: discard_row, ${known} }`);
  assert(some > 0 && some < drifted.length);
  assertEquals((await keptOut(folder)).paths, ["$.timetableType"]);
  assertEquals(await replay(folder, LOOSE), drifted.length - some);
  assertEquals(await replay(folder, LOOSE), 0);
  assertEquals(await contentOf(folder), expected);
});

/** Right after a commit of each table that decides, or with a stride all over the run. */
function deathsIn({ moments, commits }: MortalFolder, random: Random): readonly number[] {
  if (STRIDE > 0) return Array.from({ length: Math.ceil(moments() / STRIDE) }, (_, at) => at * STRIDE);
  return (["quarantine", "landing", "standard"] as const).map((name) => {
    const mine = commits.filter(({ table }) => table === TABLE_PATHS[name]);
    return pick(random, mine.slice(-4)).moment;
  });
}

/** The offsets below which quarantine or landing has decided, per partition. */
async function decidedIn(storeOf: StoreOf): Promise<ReadonlyMap<number, bigint>> {
  const { landing, quarantine } = await openLake(storeOf, { topic: TOPIC, ...contextOf() });
  const ends = new Map(landing.nextOffsets());
  for (const [partition, next] of quarantine.nextOffsets()) {
    if (next > (ends.get(partition) ?? 0n)) ends.set(partition, next);
  }
  return ends;
}

for (const [before, after] of [[STRICT, LOOSE], [LOOSE, STRICT]] as const) {
  Deno.test(`after a death under "${before}" the decided stays decided, the rest goes by "${after}", and a replay ends it`, async () => {
    await using broker = await brokerWith(LOG, 2);
    const free = memoryFolder();
    await runProcess({ broker, storeOf: free, ...SIZES });
    const expected = await contentOf(free);
    const counted = mortal(memoryFolder(), Infinity);
    await runProcess({ broker, storeOf: counted.storeOf, policy: before, ...SIZES });
    const drifted = await driftedPlaces(broker);
    const random = seededRandom(before === STRICT ? 3 : 4);
    for (const deathAt of deathsIn(counted, random)) {
      const folder = memoryFolder();
      const doomed = mortal(folder, deathAt).storeOf;
      await untilDeath(runProcess({ broker, storeOf: doomed, policy: before, ...SIZES }));
      const decided = await decidedIn(folder);
      const sizes = { chunkBytes: 10_000 + random() * 1e5, maxBatchBytes: 10_000 + random() * 2e5 };
      await runProcess({ broker, storeOf: folder, policy: after, ...sizes });
      const { places } = await keptOut(folder);
      const strict = drifted.filter(({ partition, offset }) => {
        const policy = offset < (decided.get(partition) ?? 0n) ? before : after;
        return policy === STRICT;
      });
      assertEquals(
        places,
        strict.map(({ partition, offset }) => `${partition}:${offset}`).sort(),
        `${deathAt}`,
      );
      assertEquals((await readContent(folder)).wrong, [], `${deathAt}`);
      await untilDeath(replay(mortal(folder, Math.floor(random() * 150)).storeOf, LOOSE));
      await replay(folder, LOOSE);
      assertEquals({ deathAt, ...await contentOf(folder) }, { deathAt, ...expected });
    }
  });
}

Deno.test("a file with a mistake stops a run that might keep something out, and no other", async () => {
  await using broker = await brokerWith(LOG.slice(0, 1));
  const storeOf = memoryFolder();
  const run = (policy: string) => runProcess({ broker, storeOf, policy, ...SIZES });
  await assertRejects(() => run(`${STRICT}\nquality: 7`), Error, 'Cannot go by "lake/quality.yaml"');
  await assertRejects(() => run("schema: discard-row"), Error, "found a mistake in a file with discard-row");
  assertEquals((await run("# schema: discard_row\nquality: 7")).messages, 1);
  await assertRejects(() => replay(storeOf, `${STRICT}\nquality: 7`), Error, "discard_row");
});
