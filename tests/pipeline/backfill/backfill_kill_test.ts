/** A back-fill that dies at any moment loses nothing: each of its runs ends after so many things that it does. */
import { assert, assertEquals, assertGreater } from "@std/assert";
import type { Broker } from "../../../lib/broker/broker.ts";
import { readBackfillState } from "../../../lib/pipeline/backfill/backfill_state.ts";
import { seededRandom } from "../../../lib/simulator/seeded_random.ts";
import { createTestApi } from "../../digitraffic/test_api.ts";
import { rounds } from "../../rounds.ts";
import { memoryFolder, runProcess } from "../process_rig.ts";
import { readContent } from "../table_content.ts";
import {
  answerFrom,
  createWorld,
  makeDays,
  NOW_MS,
  RIGHTS,
  textsOf,
  TOPIC,
  type World,
} from "./backfill_rig.ts";

const DAYS = makeDays("2025-01-28", 8, 5);

/** The process is dead: whatever it asks for from now on it never gets. */
class Death extends Error {}

/** Counts down with every step of a run; from zero on all steps fail. */
class Fate {
  constructor(public steps: number) {}

  /** Dies before the step, or after it: then it was done and nobody knows. */
  async step<T>(work: () => Promise<T>): Promise<T> {
    if (--this.steps < 0) throw new Death();
    const value = await work();
    if (--this.steps < 0) throw new Death();
    return value;
  }
}

/** A broker of a process with such a fate. */
function mortal(broker: Broker, fate: Fate): Broker {
  return {
    label: broker.label,
    ensureTopic: (...call) => fate.step(() => broker.ensureTopic(...call)),
    topicOffsets: (...call) => fate.step(() => broker.topicOffsets(...call)),
    logId: (...call) => fate.step(() => broker.logId(...call)),
    publish: (...call) => fate.step(() => broker.publish(...call)),
    forget: (...call) => broker.forget(...call),
    read: (...call) => broker.read(...call),
    commitOffsets: (...call) => broker.commitOffsets(...call),
    committedOffsets: (...call) => broker.committedOffsets(...call),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

/** One run that dies after so many steps; true when it lived to its end. */
async function runMortal(
  world: World,
  { fate, seed }: { readonly fate: Fate; readonly seed: number },
): Promise<boolean> {
  const random = seededRandom(seed);
  const answer = weather(random);
  const fetch = (request: Request) => fate.step(() => Promise.resolve(answer(request)));
  const { api } = createTestApi({ url: "http://api.test/api/v1", fetch, clock: () => NOW_MS });
  const options = {
    api,
    broker: mortal(world.broker, fate),
    archives: seed % 2 === 0,
    jobs: 1 + seed % 4,
    chunkBytes: 1 + Math.floor(random() * 60_000),
  };
  try {
    return (await world.backfill(options)).left === 0;
  } catch (error) {
    assert(fate.steps < 0, String(error));
    return false;
  }
}

/** The days, of which some answers break off somewhere. */
function weather(random: () => number): (request: Request) => Response {
  const whole = answerFrom(DAYS);
  return (request) => {
    const response = whole(request);
    if (random() > 0.2) return response;
    let leftBytes = Math.floor(random() * 60_000);
    const broken = new TransformStream<Uint8Array, Uint8Array>({
      transform(chunk, controller) {
        controller.enqueue(chunk.subarray(0, leftBytes));
        leftBytes -= chunk.length;
        if (leftBytes <= 0) controller.error(new TypeError("connection reset"));
      },
    });
    return new Response(response.body?.pipeThrough(broken) ?? null, { status: response.status });
  };
}

Deno.test({
  name: "however often it is killed, each train is in the topic, and no day is noted too early",
  permissions: RIGHTS,
  async fn() {
    let deaths = 0;
    for (let seed = 1; seed <= rounds(40); seed++) {
      await using world = await createWorld(DAYS);
      const random = seededRandom(seed, 1);
      for (let run = 0, isOver = false; !isOver; run++) {
        // Every run gets a little further, so that the last one comes.
        const fate = new Fate(Math.floor(random() * 60) + run);
        isOver = await runMortal(world, { fate, seed: 100 * seed + run });
        if (!isOver) deaths++;
        const published = new Set(await world.published());
        const [record] = await readBackfillState(world.statePath);
        for (const date of record?.days.keys() ?? []) {
          for (const text of DAYS.get(date) ?? []) assert(published.has(text), `seed ${seed}: ${date}`);
        }
      }
      const { before, done, failed } = await world.backfill();
      assertEquals([before, done, failed.length], [8, 0, 0]);
      assertEquals(new Set(await world.published()), new Set(textsOf(DAYS)));
    }
    assertGreater(deaths, 20);
  },
});

Deno.test({
  name: "the tables of a back-fill that was killed are those of one that was not",
  permissions: "inherit",
  async fn() {
    const contents = await Promise.all([true, false].map(async (isKilled) => {
      await using world = await createWorld(DAYS);
      for (let run = 0; isKilled && run < 12; run++) {
        await runMortal(world, { fate: new Fate(4 + 3 * run), seed: run });
      }
      await world.backfill();
      const storeOf = memoryFolder();
      await runProcess({ broker: world.broker, topic: TOPIC, storeOf, startMs: NOW_MS });
      return await readContent(storeOf);
    }));
    const [killed, plain] = contents;
    assertEquals(killed?.wrong, []);
    assertEquals(plain?.wrong, []);
    assertGreater(plain?.standard.length ?? 0, 100);
    assertEquals(killed?.standard.length, plain?.standard.length);
    assertEquals(trainsOf(killed?.standard), trainsOf(plain?.standard));
    assertEquals(trainsOf(plain?.standard).length, textsOf(DAYS).length);
  },
});

/** The trains of rows of the standard table, each once. */
function trainsOf(rows: readonly string[] = []): readonly string[] {
  const names = rows.map((row) => {
    const { departureDate, trainNumber, version } = JSON.parse(row);
    return `${departureDate}/${trainNumber}/${version}`;
  });
  return [...new Set(names)].sort();
}
