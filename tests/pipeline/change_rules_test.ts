/** Good rounds of trains with one thing wrong in each: the rule that it breaks says so, and no other one does. */
import { assert, assertEquals } from "@std/assert";
import type { Message } from "../../lib/broker/broker.ts";
import { evaluateRun } from "../../lib/quality/evaluate_run.ts";
import { RULES } from "../../lib/quality/rules.ts";
import { simulateTrains } from "../../lib/simulator/simulate_trains.ts";
import type { RunRecord } from "../../lib/tables/run_record.ts";
import { trainMessage } from "./made_up_log.ts";
import { brokerWith, memoryFolder, runProcess, TOPIC } from "./process_rig.ts";

const START_MS = Date.UTC(2025, 1, 17, 9), MINUTE_MS = 60_000;
const LATER_MS = START_MS + MINUTE_MS;

// deno-lint-ignore no-explicit-any -- JSON as it goes
type Train = any;

function trainsAt(atMs: number): readonly Train[] {
  return [...simulateTrains({ seed: 5, trains: 10, atMs })];
}

function messagesOf(trains: readonly Train[], atMs: number): readonly Message[] {
  return trains.map((train) => trainMessage(train, atMs));
}

const FIRST = trainsAt(START_MS), SECOND = trainsAt(LATER_MS);
const numberOf = (train: Train) => `${train.departureDate}/${train.trainNumber}`;
/** A train that has gone on between the rounds. */
const MOVED: Train = SECOND.find((train) =>
  FIRST.some((first) => numberOf(first) === numberOf(train) && first.version < train.version) &&
  train.timeTableRows.filter(({ actualTime }: Train) => actualTime).length > 3
);
const BEFORE: Train = FIRST.find((train) => numberOf(train) === numberOf(MOVED));
/** Its first row has had a time in both rounds. */
const HAD = BEFORE.timeTableRows.findIndex(({ actualTime }: Train) => actualTime);

/** The second round with the train that has gone on in another form. */
function withTrain(changed: Train): readonly Message[] {
  return messagesOf(SECOND.map((train) => train === MOVED ? changed : train), LATER_MS);
}

function withRow(at: number, fields: Train): readonly Message[] {
  const timeTableRows = MOVED.timeTableRows.map((row: Train, i: number) =>
    i === at ? { ...row, ...fields } : row
  );
  return withTrain({ ...MOVED, timeTableRows });
}

function shifted(time: string, ms: number): string {
  return new Date(Date.parse(time) + ms).toISOString();
}

/** The run after the second round, beside the one before. */
async function runRounds(second: readonly Message[], first = messagesOf(FIRST, START_MS)) {
  await using broker = await brokerWith(first, 1);
  const folder = memoryFolder();
  const sizes = { chunkBytes: 1e6, maxBatchBytes: 1e7 };
  const past: RunRecord[] = [];
  for (const [atMs, messages] of [[START_MS, []], [LATER_MS, second]] as const) {
    if (messages.length > 0) await broker.publish(TOPIC, messages);
    const { run } = await runProcess({ broker, storeOf: folder, startMs: atMs + 2000, ...sizes });
    assert(run !== null);
    past.push(run);
  }
  const [before, now] = past;
  assert(before !== undefined && now !== undefined);
  const { rules, passed } = evaluateRun(now, { past: [before] });
  return { passed, failures: new Map(rules.map(({ id, failures }) => [id, failures])) };
}

const OWN = RULES.filter(({ count, severity }) => count.from === "batches" || severity === "E").map((
  { id },
) => id);
const CLEAN = await runRounds(messagesOf(SECOND, LATER_MS));

/** What differs from a good round, of these rules and of all E rules. */
async function changesBy(
  second: readonly Message[],
  first?: readonly Message[],
): Promise<readonly (readonly [string, number])[]> {
  const { failures } = await runRounds(second, first);
  return OWN.flatMap((id) => {
    const more = Number(failures.get(id)) - Number(CLEAN.failures.get(id));
    return more === 0 ? [] : [[id, more] as const];
  });
}

Deno.test("a good round of trains breaks no E rule and takes nothing back", () => {
  assertEquals([CLEAN.passed, CLEAN.failures.get("C13"), CLEAN.failures.get("C14")], [true, 0, 0]);
});

const { actualTime: HAD_TIME } = MOVED.timeTableRows[HAD];
const last = MOVED.timeTableRows.length - 1;

const MUTATIONS: readonly (readonly [
  what: string,
  expected: readonly (readonly [string, number])[],
  second: readonly Message[],
])[] = [
  ["a time that is gone", [["C14", 1]], withRow(HAD, { actualTime: undefined })],
  ["a time that moved by 61 s", [["C14", 1]], withRow(HAD, { actualTime: shifted(HAD_TIME, -61_000) })],
  ["a time that moved by a minute", [], withRow(HAD, { actualTime: shifted(HAD_TIME, -60_000) })],
  [
    "a route that ends a station earlier",
    [["C14", 1]],
    withTrain({ ...MOVED, timeTableRows: MOVED.timeTableRows.slice(0, last - 1) }),
  ],
  [
    "a row that was re-timed",
    [],
    withRow(last, {
      scheduledTime: shifted(MOVED.timeTableRows[last].scheduledTime, 90_000),
    }),
  ],
  [
    "a train that was deleted, without its times",
    [],
    withTrain({
      ...MOVED,
      deleted: true,
      timeTableRows: MOVED.timeTableRows.map((row: Train) => ({ ...row, actualTime: undefined })),
    }),
  ],
  [
    "other content under the same version, without a time",
    [],
    messagesOf([...SECOND, {
      ...MOVED,
      timeTableRows: MOVED.timeTableRows.map((row: Train, i: number) =>
        i === HAD ? { ...row, actualTime: undefined } : row
      ),
    }], LATER_MS),
  ],
  [
    "a lower version that nobody had sent",
    [["C13", 1]],
    [
      ...messagesOf(SECOND, LATER_MS),
      ...messagesOf([{ ...BEFORE, version: BEFORE.version - 1 }], LATER_MS + MINUTE_MS),
    ],
  ],
  [
    "a lower version that was fetched before the higher one",
    [],
    [
      ...messagesOf(SECOND, LATER_MS),
      ...messagesOf([{ ...BEFORE, version: BEFORE.version - 1 }], START_MS - 1),
    ],
  ],
  ["the first round again", [], [
    ...messagesOf(SECOND, LATER_MS),
    ...messagesOf(FIRST, LATER_MS + MINUTE_MS),
  ]],
];

for (const [what, expected, second] of MUTATIONS) {
  Deno.test(`${what} breaks ${expected.length === 0 ? "nothing" : expected.join(" ")}`, async () => {
    assertEquals(await changesBy(second), expected);
  });
}

Deno.test("recordings that are replayed again and again, in any order and with new times, go back in no version", async () => {
  const rounds = [FIRST, SECOND, FIRST, SECOND, FIRST, FIRST].flatMap((trains, i) =>
    messagesOf(trains, LATER_MS + i * MINUTE_MS)
  );
  assertEquals((await runRounds(rounds)).failures.get("C13"), 0);
});

/** The first round in which the last stop of the train was expected so late. */
function withEstimate(aheadMinutes: number): readonly Message[] {
  const liveEstimateTime = shifted(new Date(START_MS).toISOString(), aheadMinutes * MINUTE_MS);
  const timeTableRows = BEFORE.timeTableRows.map((row: Train, i: number) =>
    i === last ? { ...row, liveEstimateTime } : row
  );
  return messagesOf(FIRST.map((train) => train === BEFORE ? { ...train, timeTableRows } : train), START_MS);
}

const ARRIVALS: readonly (readonly [number, number, readonly (readonly [string, number])[]])[] = [
  // Minutes: estimated ahead, and when it was there after the first round.
  [2, 1, []],
  [2, 0, [["A2", 1]]],
  [2.9, 1, [["A2", 1]]],
  [5, 3.2, [["A2", 1]]],
  [5, 3.6, []],
  [29, 1, [["A2", 1]]],
  [31, 1, []],
  [31, -3.9, []],
  [31, -8, [["T4", 1]]],
];

for (const [ahead, there, expected] of ARRIVALS) {
  Deno.test(`a train that is expected ${ahead} min ahead and is there after ${there}: ${expected.join(" ") || "all is well"}`, async () => {
    const actualTime = shifted(new Date(START_MS).toISOString(), there * MINUTE_MS);
    const changes = await changesBy(withRow(last, { actualTime }), withEstimate(ahead));
    assertEquals(changes.filter(([id]) => id !== "T3"), expected);
  });
}

Deno.test("a poll that was left out, and a feed that stands still, are told by the run that finds them", async () => {
  const pollAt = (minute: number) => messagesOf(FIRST.slice(0, 1), START_MS + minute * MINUTE_MS);
  await using broker = await brokerWith([0, 1, 2, 3, 4, 5, 6, 7, 8].flatMap(pollAt), 1);
  const folder = memoryFolder();
  const found: unknown[] = [];
  const past: RunRecord[] = [];
  for (const [minute, polls] of [[8.1, []], [13.1, [13]], [14.1, [14]], [19.2, []], [90, []]] as const) {
    for (const poll of polls) await broker.publish(TOPIC, pollAt(poll));
    const { run } = await runProcess({ broker, storeOf: folder, startMs: START_MS + minute * MINUTE_MS });
    assert(run !== null);
    const failures = new Map(evaluateRun(run, { past }).rules.map((rule) => [rule.id, rule.failures]));
    found.push([minute, failures.get("T1"), failures.get("T2")]);
    past.push(run);
  }
  assertEquals(found, [[8.1, 0, 0], [13.1, null, 1], [14.1, 0, 0], [19.2, 1, 0], [90, null, 0]]);
});
