/** What newer messages say of older ones, and how long they took: counted by batches as a naive model counts them. */
import { assert, assertEquals } from "@std/assert";
import type { Message } from "../../lib/broker/broker.ts";
import { openTable } from "../../lib/delta/mod.ts";
import { type Random, seededRandom } from "../../lib/simulator/seeded_random.ts";
import { TABLE_PATHS } from "../../lib/tables/table_paths.ts";
import { testContext } from "../delta/test_context.ts";
import { gatedStore } from "./gated_store.ts";
import { makeRound, trainMessage } from "./made_up_log.ts";
import { naiveMeasures } from "./naive_changes.ts";
import { brokerWith, memoryFolder, runProcess, type StoreOf } from "./process_rig.ts";

const START_MS = Date.UTC(2025, 1, 17, 5);
const MINUTE_MS = 60_000;
const BASE = JSON.parse(new TextDecoder().decode(makeRound(1, 1, START_MS)[0]?.value ?? undefined));
/** Stations by number: some are visited twice. */
const ROUTE = [1, 2, 3, 2, 1, 4];
const ROUNDS = Number(Deno.env.get("RATALAKE_MODEL_ROUNDS") ?? 1);

// deno-lint-ignore no-explicit-any -- JSON as it goes
type Train = any;

function iso(ms: number): string {
  return new Date(ms).toISOString();
}

function makeTrain(trainNumber: number): Train {
  const [first, second] = BASE.timeTableRows;
  const timeTableRows = ROUTE.flatMap((station, i) => {
    const at = {
      stationUICCode: station,
      stationShortCode: `S${station}`,
      actualTime: undefined,
      liveEstimateTime: undefined,
    };
    const arrival = {
      ...second,
      ...at,
      type: "ARRIVAL",
      scheduledTime: iso(START_MS + (10 * i - 1) * MINUTE_MS),
    };
    const departure = {
      ...first,
      ...at,
      type: "DEPARTURE",
      scheduledTime: iso(START_MS + 10 * i * MINUTE_MS),
    };
    return [...(i > 0 ? [arrival] : []), ...(i < ROUTE.length - 1 ? [departure] : [])];
  });
  return { ...BASE, trainNumber, version: 100 * trainNumber, departureDate: "2025-02-17", timeTableRows };
}

/** Something happens to a train, or is taken back. */
function change(train: Train, nowMs: number, random: Random): Train {
  const below = (limit: number) => Math.floor(random() * limit);
  const rows: Train[] = train.timeTableRows;
  const at = below(rows.length), wander = (below(9) - 4) * 45_000;
  const edit = (fields: Train) => rows.map((row, i) => i === at ? { ...row, ...fields } : row);
  const old = rows[at].actualTime;
  const ways: readonly (() => readonly Train[])[] = [
    // Mostly where somebody has estimated one.
    () => {
      const row = rows.find(({ actualTime, liveEstimateTime }) => !actualTime && liveEstimateTime) ??
        rows[at];
      const actualTime = iso(nowMs - below(4) * MINUTE_MS);
      return rows.map((each) => each === row ? { ...each, actualTime } : each);
    },
    () => edit({ actualTime: iso(nowMs - below(4) * MINUTE_MS) }),
    () => edit({ liveEstimateTime: iso(nowMs + below(32) * MINUTE_MS) }),
    () => edit({ liveEstimateTime: iso(nowMs + below(32) * MINUTE_MS) }),
    () => edit({ actualTime: old && iso(Date.parse(old) + wander) }),
    () => edit({ actualTime: undefined }),
    // The rest of the route is re-timed, which leaves its order.
    () =>
      rows.map((row, i) =>
        i < at ? row : { ...row, scheduledTime: iso(Date.parse(row.scheduledTime) + 7 * MINUTE_MS) }
      ),
    () => rows.length > 6 && at % 2 === 1 ? rows.filter((_, i) => i !== at && i !== at + 1) : rows,
  ];
  const timeTableRows = ways[below(ways.length)]?.() ?? rows;
  return { ...train, timeTableRows, deleted: random() < 0.05, version: train.version + 1 };
}

/** Rounds a minute apart, of which some bring what was there before, what comes late, or what goes back. */
function makeChanges(random: Random, rounds: number): readonly Message[] {
  const trains = new Map(Array.from({ length: 4 }, (_, i) => [i + 1, makeTrain(i + 1)]));
  const messages: Message[] = [];
  // Twice the source is set up anew; what it said before is sent again all the same.
  const epochOf = (round: number) => Math.max(0, Math.floor(3 * round / rounds));
  for (let round = 0; round < rounds; round++) {
    const nowMs = START_MS + round * MINUTE_MS, writtenMs = nowMs + 300 + Math.floor(random() * 2000);
    const sourceEpoch = epochOf(round);
    if (sourceEpoch > epochOf(round - 1)) setUpAnew(trains);
    const send = (train: Train, fetchedMs = nowMs) =>
      messages.push({ ...trainMessage(train, fetchedMs, { sourceEpoch }), timestampMs: writtenMs });
    for (const [number, train] of trains) {
      const dice = random();
      if (dice < 0.5) {
        trains.set(number, change(train, nowMs, random));
        send(trains.get(number));
      } else if (dice < 0.6) {
        const old = messages[Math.floor(random() * messages.length)];
        if (old !== undefined && round > 12) messages.push({ ...old, timestampMs: writtenMs + 1_000_000 });
      } else if (dice < 0.65) {
        send({ ...train, version: train.version - 1, runningCurrently: random() < 0.5, round });
      } else if (dice < 0.7) send({ ...train, version: train.version - 1, round }, nowMs - 40 * MINUTE_MS);
      else if (dice < 0.75) send({ ...train, round });
    }
  }
  return messages;
}

/** The source counts its versions from a lower one again. */
function setUpAnew(trains: Map<number, Train>): void {
  for (const [number, train] of trains) trains.set(number, { ...train, version: train.version - 12 });
}

/** What the table of batches has, but for when they were processed. */
async function measuresOf(storeOf: StoreOf): Promise<Readonly<Record<string, number>>> {
  const table = await openTable(storeOf(TABLE_PATHS.batches), testContext());
  const counts: Record<string, number> = {};
  for (const add of table.snapshot.files.values()) {
    for (const { measures } of await table.readRows(add, { columns: ["measures"] })) {
      if (!(measures instanceof Map)) continue;
      for (const [name, count] of measures) counts[name] = (counts[name] ?? 0) + Number(count);
    }
  }
  return Object.fromEntries(
    Object.entries(counts).filter(([name]) => !/^(landing|merging|whole)\./.test(name)),
  );
}

Deno.test("whatever batches there are, and whatever crashes, the measures are those of the naive model", async () => {
  const random = seededRandom(31);
  for (let round = 0; round < ROUNDS; round++) {
    const messages = makeChanges(random, 100);
    const expected = naiveMeasures(messages);
    // Of nothing every model is right.
    for (
      const prefix of [
        "versions.revised",
        "actualTime.moved",
        "rows.vanished",
        "messages.backwards",
        "estimates.",
      ]
    ) {
      const found = Object.entries(expected).filter(([name, count]) => name.startsWith(prefix) && count > 0);
      assert(found.length > 0, `${prefix} in ${JSON.stringify(expected)}`);
    }
    await using broker = await brokerWith(messages, 1);
    for (let life = 0; life < 4; life++) {
      const folder = memoryFolder();
      let operations = life === 0 ? Infinity : 30 + Math.floor(random() * 150);
      const mortal: StoreOf = (path) =>
        gatedStore(folder(path), () => {
          if (operations-- <= 0) throw new Error("dead");
        });
      const sizes = () => ({ chunkBytes: 9000 + random() * 1e5, maxBatchBytes: 9000 + random() * 3e5 });
      await runProcess({ broker, storeOf: mortal, ...sizes() }).catch(() => {});
      const { run } = await runProcess({ broker, storeOf: folder, ...sizes() });
      assertEquals(await measuresOf(folder), expected);
      assertEquals(run?.measures.messages, messages.length);
    }
  }
});
