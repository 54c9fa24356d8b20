/** The simulator's metadata tells what its trains are made of, and what the API tells. */
import { assert, assertEquals } from "@std/assert";
import { simulatedMetadata } from "../../lib/simulator/metadata.ts";
import { serveSimulator } from "../../lib/simulator/serve_simulator.ts";
import { simulateTrains } from "../../lib/simulator/simulate_trains.ts";
import { STATIONS } from "../../lib/simulator/stations.ts";
import type { Train } from "../../lib/train/train_schema.ts";

const AT_MS = Date.parse("2025-02-17T04:21:00Z");
const SHARED = new URL("../../../shared/data/", import.meta.url);
const RECORDING = new URL("live-trains-2025-02-17T0421Z.json.gz", SHARED);
const LISTS = [
  "stations",
  "operators",
  "train-types",
  "train-categories",
  "cause-category-codes",
  "detailed-cause-category-codes",
  "third-cause-category-codes",
];

function list(path: string): readonly Readonly<Record<string, unknown>>[] {
  return simulatedMetadata(path) ?? [];
}

/** What trains have that the metadata does not, each once; stations apart. */
function unknownIn(trains: readonly Train[]): readonly string[] {
  const known = new Set([
    ...list("operators").map((each) => `operator ${each.operatorShortCode} ${each.operatorUICCode}`),
    ...list("train-types").map((each) => `type ${each.name} ${JSON.stringify(each.trainCategory)}`),
    ...list("train-categories").map((each) => `category ${each.name}`),
    ...list("cause-category-codes").map((each) => `cause ${each.categoryCode} ${each.id}`),
    ...list("detailed-cause-category-codes").map((each) => `cause ${each.detailedCategoryCode} ${each.id}`),
    ...list("third-cause-category-codes").map((each) => `cause ${each.thirdCategoryCode} ${each.id}`),
  ]);
  const found = trains.flatMap((train) => [
    `operator ${train.operatorShortCode} ${train.operatorUICCode}`,
    `type ${train.trainType} ${JSON.stringify({ name: train.trainCategory })}`,
    `category ${train.trainCategory}`,
    ...train.timeTableRows.flatMap(({ causes }) => causes ?? []).flatMap((cause) => [
      `cause ${cause.categoryCode} ${cause.categoryCodeId}`,
      ...(cause.detailedCategoryCode
        ? [`cause ${cause.detailedCategoryCode} ${cause.detailedCategoryCodeId}`]
        : []),
      ...(cause.thirdCategoryCode ? [`cause ${cause.thirdCategoryCode} ${cause.thirdCategoryCodeId}`] : []),
    ]),
  ]);
  return [...new Set(found)].filter((one) => !known.has(one));
}

Deno.test({
  name: "every list is served as the API serves it: gzip or 406, and nothing at other paths",
  permissions: { net: ["127.0.0.1"] },
  fn: async () => {
    await using server = serveSimulator({ seed: 3, trains: 1, clock: () => AT_MS });
    for (const path of LISTS) {
      const url = `${server.url}/metadata/${path}?show_inactive=true`;
      const response = await fetch(url, { headers: { "Accept-Encoding": "gzip" } });
      assertEquals([response.status, await response.json()], [200, JSON.parse(JSON.stringify(list(path)))]);
      assert(list(path).length > 0, path);
      const plain = await fetch(url, { headers: { "Accept-Encoding": "identity" } });
      await plain.body?.cancel();
      assertEquals(plain.status, 406);
    }
    for (const path of ["", "toString", "__proto__", "stations/HKI", "track-sections"]) {
      const response = await fetch(`${server.url}/metadata/${path}`);
      await response.body?.cancel();
      assertEquals([path, response.status], [path, 404]);
    }
  },
});

Deno.test({
  name: "every operator, type, category and cause of simulated trains is in the lists",
  permissions: "none",
  fn() {
    const trains = [...simulateTrains({ seed: 7, trains: 2_500, atMs: AT_MS })];
    assertEquals(unknownIn(trains), []);
    assert(trains.some((train) => train.timeTableRows.some(({ causes }) => causes?.[0]?.thirdCategoryCode)));
  },
});

Deno.test({
  name: "every operator, type, category and cause of the recorded trains is in the lists, with its ids",
  permissions: { read: true },
  ignore: !exists(RECORDING),
  fn: async () => {
    const packed = (await Deno.open(RECORDING)).readable.pipeThrough(new DecompressionStream("gzip"));
    assertEquals(unknownIn(await new Response(packed).json()), []);
  },
});

Deno.test({
  name: "the simulator's stations are those of the recorded metadata: codes and places",
  permissions: { read: true },
  ignore: !exists(new URL("stations.json", SHARED)),
  fn() {
    const recorded: readonly Station[] = JSON.parse(
      Deno.readTextFileSync(new URL("stations.json", SHARED)),
    );
    const byCode = new Map(recorded.map((station) => [station.stationShortCode, station]));
    const differing = [...STATIONS.values()].flatMap((ours) => {
      const real = byCode.get(ours.stationShortCode);
      const isSame = real !== undefined && real.stationUICCode === ours.stationUICCode &&
        Math.abs(real.longitude - ours.longitude) < 0.001 && Math.abs(real.latitude - ours.latitude) < 0.001;
      return isSame ? [] : [`${JSON.stringify(ours)} is ${JSON.stringify(real)}`];
    });
    assertEquals(differing, []);
  },
});

type Station = NonNullable<ReturnType<typeof STATIONS.get>>;

function exists(url: URL): boolean {
  try {
    return Deno.statSync(url).isFile;
  } catch {
    return false;
  }
}
