import { assert, assertEquals, assertGreater, assertNotEquals } from "@std/assert";
import type { SimulatedTrain } from "../../lib/simulator/observe_train.ts";
import { seededRandom } from "../../lib/simulator/seeded_random.ts";
import { departureDay } from "../../lib/simulator/world/departure_day.ts";
import { BATCH_MS } from "../../lib/simulator/world/world.ts";
import { openWorldDays, type WorldTrain } from "../../lib/simulator/world/world_days.ts";
import { rounds } from "../rounds.ts";

/** A winter day, and both days on which Helsinki's clock is moved. */
const DATES = ["2026-02-17", "2026-03-29", "2026-10-25"];

/** Trains of several dates; a failure names the train. */
function forEachTrain(trains: number, check: (train: WorldTrain) => void): void {
  const days = openWorldDays({ seed: 5, trains });
  for (const train of DATES.flatMap((date) => days(date))) {
    try {
      check(train);
    } catch (cause) {
      throw new Error(`train ${train.date}/${train.trainNumber}`, { cause });
    }
  }
}

function content({ version: _version, ...train }: SimulatedTrain): string {
  return JSON.stringify(train);
}

Deno.test({
  name: "a train changes in the batches that it names, and in no other",
  permissions: "none",
  fn: () => {
    const random = seededRandom(1);
    forEachTrain(rounds(90), ({ life }) => {
      const changes = life.changes();
      for (const [index, changedMs] of changes.entries()) {
        assertEquals(changedMs % BATCH_MS, 0);
        const told = content(life.tell(changedMs));
        const untilMs = changes[index + 1] ?? changedMs + 48 * 3_600_000;
        const batches = (untilMs - changedMs) / BATCH_MS;
        assertGreater(batches, 0);
        for (const batch of [Math.floor(random() * batches), batches - 1]) {
          assertEquals(content(life.tell(changedMs + batch * BATCH_MS)), told);
        }
        if (index > 0) assertNotEquals(content(life.tell(changedMs - BATCH_MS)), told);
      }
    });
  },
});

Deno.test({
  name: "the last change is the same whether the train is run for it or not",
  permissions: "none",
  fn: () => {
    const random = seededRandom(2);
    forEachTrain(rounds(300), ({ life }) => {
      const { publishedMs, departureMs } = life.fate;
      for (let draw = 0; draw < 20; draw++) {
        const atMs = publishedMs - 60_000 + Math.floor(random() ** 2 * (departureMs + 1e8 - publishedMs));
        const last = life.changes().findLast((changedMs) => changedMs <= atMs) ?? null;
        assertEquals(life.lastChangeMs(atMs), last);
      }
    });
  },
});

Deno.test({
  name: "another timetable keeps the date and number of a train, and some leave fewer rows",
  permissions: "none",
  fn: () => {
    let fewer = 0;
    let sooner = 0;
    let inSight = 0;
    forEachTrain(1_500, ({ date, trainNumber, life }) => {
      const { retiming, departureMs } = life.fate;
      if (retiming === null) return;
      const changedMs = Math.ceil(retiming.atMs / BATCH_MS) * BATCH_MS;
      const before = life.tell(changedMs - BATCH_MS);
      const after = life.tell(changedMs);
      for (const told of [before, after]) {
        assertEquals([told.departureDate, told.trainNumber], [date, trainNumber]);
        assertEquals(dateOf(told), date);
      }
      const first = after.timeTableRows[0]?.scheduledTime;
      assertNotEquals(before.timeTableRows[0]?.scheduledTime, first);
      assert(before.timeTableRows.every((row) => row.actualTime === undefined && !row.cancelled));
      assertEquals(after.timeTableRows.at(-1)?.commercialStop, true);
      if (after.timeTableRows.length < before.timeTableRows.length) fewer++;
      if (Date.parse(first ?? "") < departureMs) sooner++;
      if (departureMs - retiming.atMs < 4 * 3_600_000) inSight++;
    });
    for (const count of [fewer, sooner, inSight]) assertGreater(count, 10);
  },
});

Deno.test({
  name: "a deleted train is cancelled in every row, has no times, and changes no more",
  permissions: "none",
  fn: () => {
    let early = 0;
    let late = 0;
    forEachTrain(1_500, ({ life }) => {
      const { deletedMs, departureMs } = life.fate;
      if (deletedMs === null) return;
      const changedMs = life.changes().at(-1) ?? 0;
      assertEquals(changedMs, Math.ceil(deletedMs / BATCH_MS) * BATCH_MS);
      const told = life.tell(changedMs);
      assertEquals([told.deleted, told.cancelled, told.runningCurrently], [true, true, false]);
      assert(told.timeTableRows.every((row) => row.cancelled && row.actualTime === undefined));
      assertEquals(life.tell(changedMs - BATCH_MS).deleted, undefined);
      assert(deletedMs <= departureMs - 1_800_000);
      if (departureMs - deletedMs < 4 * 3_600_000) late++;
      if (departureMs - deletedMs > 8 * 86_400_000) early++;
    });
    for (const count of [early, late]) assertGreater(count, 10);
  },
});

Deno.test({
  name: "a time that was told is told otherwise when the train has arrived, and no other",
  permissions: "none",
  fn: () => {
    let corrected = 0;
    forEachTrain(1_500, ({ life }) => {
      const { correction, deletedMs } = life.fate;
      if (correction === null || deletedMs !== null) return;
      const [beforeMs = 0, changedMs = 0] = life.changes().slice(-2);
      const [before, after] = [life.tell(changedMs - BATCH_MS), life.tell(changedMs)];
      const times = (train: SimulatedTrain) => train.timeTableRows.map((row) => row.actualTime);
      const moved = times(after).filter((time, row) => time !== times(before)[row]);
      if (before.runningCurrently === true || moved.length === 0) return;
      assert(moved.length === 1 && changedMs - beforeMs >= 20 * 60_000);
      const known = times(after).filter((time) => typeof time === "string");
      assertEquals(known, known.toSorted());
      corrected += moved.length;
    });
    assertGreater(corrected, 50);
  },
});

Deno.test({
  name: "no train reports after the second day that follows its departure date",
  permissions: "none",
  fn: () =>
    forEachTrain(1_500, ({ date, life }) => {
      assert(life.endMs() <= departureDay(date, 3).momentMs(0));
      assertGreater(life.changes()[0] ?? 0, departureDay(date, -12).momentMs(0));
    }),
});

function dateOf(train: SimulatedTrain): string {
  return Temporal.Instant.from(train.timeTableRows[0]?.scheduledTime ?? "").toZonedDateTimeISO(
    "Europe/Helsinki",
  )
    .toPlainDate().toString();
}
