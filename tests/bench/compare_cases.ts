/** The logs that the tables of two checkouts are made of, for `compare_tables.ts`. */

import type { Message } from "../../lib/broker/broker.ts";
import { pick, seededRandom } from "../../lib/simulator/seeded_random.ts";
import { encodeTrainMessage, identifyTrain } from "../../lib/train/train_message.ts";
import { completeTrain } from "../validate/scan/complete_train.ts";
import { type MutantKind, mutateTrain } from "../validate/scan/mutate_train.ts";
import { FIRST_ROUND_MS, makeLog, makeRound } from "../pipeline/made_up_log.ts";
import { FETCHED_AT, type InputName, inputOf } from "./bench_input.ts";

/** Messages that are published, and a run of process after them. */
export interface CompareStep {
  readonly messages: () => AsyncIterable<Message> | Iterable<Message>;
  readonly args?: readonly string[];
}

/** A lake that is made in steps; it is compared after the last one. */
export interface CompareCase {
  readonly name: string;
  readonly steps: readonly CompareStep[];
}

const GOLDEN = new URL("../testdata/messages/", import.meta.url);
const FETCHED_AT_MS = Date.parse(FETCHED_AT);
const MUTANTS = 20_000;
const KINDS: readonly MutantKind[] = ["grammar", "grammar", "beyond", "bytes"];
const SMALL_BATCHES = ["--max-batch-mb", "1"];

/** In the order of their size. */
export const COMPARE_CASES: readonly CompareCase[] = [
  { name: "639 trains", steps: [recorded(["copies", 639])] },
  {
    name: "odd messages",
    steps: [{ messages: () => makeLog({ trains: 60 }) }, { messages: goldenMessages }, {
      messages: () => mutants(1),
    }],
  },
  {
    name: "small batches",
    steps: [
      { ...recorded(["copies", 639]), args: SMALL_BATCHES },
      { messages: () => makeLog({ trains: 300, seed: 2 }), args: SMALL_BATCHES },
      { messages: () => mutants(2), args: SMALL_BATCHES },
    ],
  },
  { name: "many dates", steps: [recorded(["dates", 300])] },
  { name: "nothing but garbage", steps: [recorded(["tiny", 20_000])] },
  {
    name: "12,780 trains, then 1 % again",
    steps: [recorded(["copies", 12_780]), recorded(["newer", 128, 12_780])],
  },
];

function recorded(name: InputName): CompareStep {
  return { messages: () => messagesOf(name) };
}

async function* messagesOf(name: InputName): AsyncGenerator<Message> {
  const { path } = await inputOf(name);
  using file = await Deno.open(path);
  let rest = "";
  for await (const text of file.readable.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + text).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) yield trainMessage(new TextEncoder().encode(line));
  }
}

function trainMessage(bytes: Uint8Array): Message {
  const origin = { source: "compare", fetchedAtMs: FETCHED_AT_MS };
  return {
    ...encodeTrainMessage(bytes, { identity: identifyTrain({ bytes, identity: undefined }), origin }),
    timestampMs: FETCHED_AT_MS,
  };
}

/** Each case that the tests of the validation name, good or bad. */
function goldenMessages(): readonly Message[] {
  const names = [...Deno.readDirSync(GOLDEN)].map(({ name }) => name).sort();
  return names.map((name, at) => ({
    key: `golden/${name}`,
    value: Deno.readFileSync(new URL(`${name}/input.txt`, GOLDEN)),
    headers: at % 3 === 0 ? { fetchedAt: "yesterday" } : {},
    timestampMs: FIRST_ROUND_MS + at,
  }));
}

/** Changed trains under few keys, so that versions, contents and faults meet each other. */
function* mutants(seed: number): Generator<Message> {
  const random = seededRandom(seed);
  const texts = makeRound(40, seed, FIRST_ROUND_MS).map(({ value }) =>
    new TextDecoder().decode(value ?? undefined)
  );
  const trains = [completeTrain(), ...texts.map((text) => shorten(JSON.parse(text)))];
  for (let at = 0; at < MUTANTS; at++) {
    const value = mutateTrain(pick(random, trains), pick(random, KINDS), random);
    yield { key: `mutant/${at % 50}`, value, headers: {}, timestampMs: FIRST_ROUND_MS + at };
  }
}

function shorten(train: { readonly timeTableRows: readonly unknown[] }): unknown {
  return { ...train, timeTableRows: train.timeTableRows.slice(0, 4) };
}
