/** From the API's metadata to the tables, whatever the API says. */
import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import {
  createTable,
  MemoryStore,
  openTable,
  type Row,
  TableNotFoundError,
  tableSchema,
} from "../../../lib/delta/mod.ts";
import { describeMetadata } from "../../../lib/pipeline/metadata/metadata_outcome.ts";
import { METADATA_PARTS } from "../../../lib/metadata/metadata_parts.ts";
import { fetchMetadata, type FetchMetadataOptions } from "../../../lib/pipeline/metadata/fetch_metadata.ts";
import { simulatedMetadata } from "../../../lib/simulator/metadata.ts";
import { METADATA_SCHEMAS } from "../../../lib/tables/metadata_schemas.ts";
import { METADATA_PATHS, type MetadataName } from "../../../lib/tables/table_paths.ts";
import { testContext } from "../../delta/test_context.ts";
import { createTestApi } from "../../digitraffic/test_api.ts";

const URL_OF_API = "https://api.example/api/v1";
const HOUR_MS = 3_600_000;
const NAMES = METADATA_PARTS.map(({ name }) => name);
type Answer = Response | "throw";

/** An API in memory that answers like the simulator, but for what a test says. */
class World {
  readonly stores = new Map<string, MemoryStore>();
  readonly requests: Request[] = [];
  answers: Readonly<Record<string, () => Answer>> = {};
  nowMs = Date.parse("2025-02-17T04:21:00Z");

  async fetch(more: Partial<FetchMetadataOptions> = {}, url = URL_OF_API) {
    const { api } = createTestApi({
      url,
      clock: () => this.nowMs,
      fetch: (request) => this.#answer(request),
    });
    return await fetchMetadata({ api, storeOf: this.storeOf, context: testContext(), ...more });
  }

  storeOf = (path: string) => {
    const store = this.stores.get(path) ?? new MemoryStore({ label: path, clock: () => this.nowMs });
    this.stores.set(path, store);
    return store;
  };

  async table(name: MetadataName) {
    return await openTable(this.storeOf(METADATA_PATHS[name]), testContext());
  }

  async content(name: MetadataName) {
    const table = await this.table(name);
    return { version: table.snapshot.version, files: [...table.snapshot.files.keys()] };
  }

  #answer(request: Request): Promise<Response> {
    this.requests.push(request);
    const path = new URL(request.url).pathname.replace("/api/v1/metadata/", "");
    const answer = this.answers[path]?.() ?? json(simulatedMetadata(path));
    return answer === "throw" ? Promise.reject(new TypeError("connection refused")) : Promise.resolve(answer);
  }
}

function json(value: unknown): Response {
  return new Response(JSON.stringify(value), { headers: { "Content-Type": "application/json" } });
}

/** Of the table of causes. */
async function rowCount(world: World): Promise<readonly number[]> {
  const table = await world.table("causes");
  return await Promise.all([...table.snapshot.files.values()].map((add) => table.countRows(add)));
}

function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

function statuses(outcomes: Awaited<ReturnType<typeof fetchMetadata>>): Readonly<Record<string, string>> {
  return Object.fromEntries(outcomes.map(({ name, status }) => [name, status]));
}

function all(status: string): Readonly<Record<string, string>> {
  return Object.fromEntries(NAMES.map((name) => [name, status]));
}

Deno.test({
  name: "the first fetch fills five tables, and asks as every request does, for old causes too",
  permissions: "none",
  fn: async () => {
    const world = new World();
    assertEquals(statuses(await world.fetch()), all("replaced"));
    const types = await world.table("train_types");
    const [file] = types.snapshot.files.values();
    assert(file !== undefined);
    const rows: readonly Row[] = await types.readRows(file);
    assertEquals(rows.find(({ name }) => name === "IC"), { name: "IC", trainCategory: "Long-distance" });
    assertStringIncludes(types.snapshot.metadata.description ?? "", "Fintraffic");
    assertEquals(world.requests.map(({ url }) => url.replace(`${URL_OF_API}/metadata/`, "")), [
      "stations",
      "operators",
      "train-types",
      "train-categories",
      "cause-category-codes?show_inactive=true",
      "detailed-cause-category-codes?show_inactive=true",
      "third-cause-category-codes?show_inactive=true",
    ]);
    for (const { headers } of world.requests) {
      assertEquals([headers.get("Accept-Encoding"), headers.get("Digitraffic-User")], [
        "gzip",
        "ratalake/test",
      ]);
    }
  },
});

Deno.test({
  name: "a second call within a day asks nothing and says when it was fetched; the next day or --full asks",
  permissions: "none",
  fn: async () => {
    const world = new World();
    await world.fetch();
    world.nowMs += 19 * HOUR_MS;
    const again = await world.fetch();
    assertEquals([statuses(again), world.requests.length], [all("current"), 7]);
    assertStringIncludes(
      describeMetadata(again),
      "stations          is up to date, fetched at 2025-02-17T04:21:00.000Z (--full asks again)",
    );
    assertEquals(statuses(await world.fetch({ full: true })), all("unchanged"));
    assertEquals(world.requests.length, 14);
    // What was unchanged is of today as well: nothing is asked a third time.
    world.nowMs += 2 * HOUR_MS;
    assertEquals([statuses(await world.fetch()), world.requests.length], [all("current"), 14]);
    world.nowMs += 20 * HOUR_MS;
    assertEquals([statuses(await world.fetch()), world.requests.length], [all("unchanged"), 21]);
  },
});

Deno.test({
  name: "content that has not changed adds no file, content that has replaces it in one version",
  permissions: "none",
  fn: async () => {
    const world = new World();
    await world.fetch();
    const before = await world.content("train_categories");
    await world.fetch({ full: true });
    assertEquals((await world.content("train_categories")).files, before.files);
    world.answers = { "train-categories": () => json([{ name: "Maglev" }]) };
    const outcomes = await world.fetch({ full: true });
    assertEquals(statuses(outcomes), { ...all("unchanged"), train_categories: "replaced" });
    const after = await world.content("train_categories");
    assertEquals([after.version, after.files.length], [before.version + 2, 1]);
    assertEquals(after.files.includes(before.files[0] ?? ""), false);
  },
});

Deno.test({
  name: "another source is asked within the day, and the first one again after it",
  permissions: "none",
  fn: async () => {
    const world = new World();
    await world.fetch();
    world.nowMs += 1000;
    assertEquals(statuses(await world.fetch({}, "http://127.0.0.1:8088/api/v1")), all("unchanged"));
    world.nowMs += 1000;
    assertEquals(statuses(await world.fetch()), all("unchanged"));
    assertEquals(statuses(await world.fetch()), all("current"));
  },
});

/** Answers of which nothing can be taken, and what the message says of them. */
const UNUSABLE: Readonly<Record<string, readonly [() => Answer, string]>> = {
  "no answer": [() => "throw", "connection refused"],
  "a page of HTML": [() => new Response("<!doctype html><p>Sorry"), '"<!doctype html><p>Sorry"'],
  "an error object with status 200": [
    () => json({ code: "INTERNAL_ERROR", errorMessage: "Try later" }),
    "error INTERNAL_ERROR: Try later",
  ],
  "an object": [() => json({ stations: [] }), "expected an array of stations"],
  "a text": [() => json("stations"), "expected an array of stations"],
  "nothing": [() => new Response(""), "an empty body"],
  "no UTF-8": [() => new Response(Uint8Array.of(0x5b, 0x22, 0xff, 0x22, 0x5d)), "expected an array"],
  "an empty list": [() => json([]), "found 0 stations"],
  "a list that breaks off": [() => new Response('[{"stationShortCode":"HKI"'), "expected an array"],
  "a list without required fields": [() => json([{ stationName: "x" }]), "found 1 of 1 stations broken"],
  "a list among which is an error object": [
    () => json([...simulatedMetadata("stations") ?? [], { code: "X" }]),
    "1 of 112 stations broken",
  ],
  "a list a million deep": [
    () => new Response("[".repeat(1_000_000) + "]".repeat(1_000_000)),
    "found 1 of 1 stations broken ($[0]: Invalid input: expected object, received array)",
  ],
  "an object a million deep": [
    () => new Response('{"a":'.repeat(600_000) + "1" + "}".repeat(600_000)),
    "expected an array of stations",
  ],
  "a million of nothing": [
    () => new Response(`[${"0,".repeat(1_000_000)}0]`),
    "found 1000001 stations, expected 1 to 20000",
  ],
  "an answer that is too large": [() => new Response(" ".repeat(5_000_000)), "a body over 4194304 bytes"],
  "a redirect to another host": [
    () => new Response(null, { status: 302, headers: { Location: "http://169.254.169.254/" } }),
    "a redirect to http://169.254.169.254",
  ],
  "a redirect in circles": [
    () => new Response(null, { status: 302, headers: { Location: "stations" } }),
    "more than 5 redirects",
  ],
  "404": [() => new Response("Not Found", { status: 404 }), "status 404"],
  "406": [() => new Response("Use of gzip compression is required", { status: 406 }), "status 406"],
  "503 without end": [() => new Response("Service Unavailable", { status: 503 }), "status 503"],
  "429 for too long": [
    () => new Response("Too many requests", { status: 429, headers: { "Retry-After": "3600" } }),
    "asks to wait 3600 s",
  ],
};

for (const [what, [answer, said]] of Object.entries(UNUSABLE)) {
  Deno.test({
    name: `of ${what} the old table does not suffer, nor do the other parts`,
    permissions: "none",
    fn: async () => {
      const world = new World();
      world.answers = { stations: answer };
      assertEquals(statuses(await world.fetch()), { ...all("replaced"), stations: "failed" });
      await assertRejects(() => world.table("stations"), TableNotFoundError);
      world.answers = {};
      const filled = statuses(await world.fetch());
      assertEquals(filled, { ...all("current"), stations: "replaced" });
      const before = await world.content("stations");
      world.answers = { stations: answer };
      world.nowMs += 24 * HOUR_MS;
      const outcomes = await world.fetch();
      assertEquals(statuses(outcomes), { ...all("unchanged"), stations: "failed" });
      assertEquals(await world.content("stations"), before);
      const { error, fetchedAt } = outcomes[0] ?? {};
      assertStringIncludes(error instanceof Error ? error.message : "", said);
      assertEquals(fetchedAt?.toISOString(), "2025-02-17T04:21:00.000Z");
      assertStringIncludes(describeMetadata(outcomes), "stays as it was fetched at 2025-02-17T04:21:00.000Z");
    },
  });
}

Deno.test({
  name: "a fault that passes is tried again",
  permissions: "none",
  fn: async () => {
    const world = new World();
    const left: Answer[] = [new Response("", { status: 503 }), new Response("", { status: 500 })];
    world.answers = { operators: () => left.shift() ?? json(simulatedMetadata("operators")) };
    assertEquals(statuses(await world.fetch()), all("replaced"));
    assertEquals(world.requests.length, 9);
  },
});

Deno.test({
  name: "one level of causes that fails leaves the three as they are: a table changes as a whole",
  permissions: "none",
  fn: async () => {
    const world = new World();
    await world.fetch();
    const before = await world.content("causes");
    world.answers = {
      "cause-category-codes": () => json([{ id: 1, categoryCode: "Q" }]),
      "third-cause-category-codes": () => json([]),
    };
    assertEquals(statuses(await world.fetch({ full: true })), { ...all("unchanged"), causes: "failed" });
    assertEquals(await world.content("causes"), before);
  },
});

Deno.test({
  name: "unknown fields are told, and the rows are taken",
  permissions: "none",
  fn: async () => {
    const world = new World();
    world.answers = {
      "train-categories": () => json([{ name: "Cargo", id: 1, "a\u001b[2J": 2 }]),
      "cause-category-codes": () => json([{ id: 1, categoryCode: "A", parent: 1 }]),
      "detailed-cause-category-codes": () => json([{ id: 2, detailedCategoryCode: "A1", parent: 1 }]),
    };
    const outcomes = await world.fetch();
    assertEquals(statuses(outcomes), all("replaced"));
    assertEquals(outcomes[3]?.drift, { "$[].id": 1, "$[].a\u001b[2J": 1 });
    assertEquals(outcomes[4]?.drift, { "$[].parent": 2 });
    assertStringIncludes(describeMetadata(outcomes), "1 row, new content, 2 unknown fields");
  },
});

Deno.test({
  name: "a table that is not what it should be is left alone and named, and the other parts go on",
  permissions: "none",
  fn: async () => {
    const world = new World();
    const other = { schema: tableSchema({ stationUICCode: "string" }) };
    await createTable(world.storeOf(METADATA_PATHS.stations), other, testContext());
    await world.storeOf(METADATA_PATHS.operators).put("_delta_log/00000000000000000000.json", utf8("no log"));
    const appendOnly = { configuration: { "delta.appendOnly": "true" }, schema: METADATA_SCHEMAS.causes };
    const causes = await createTable(world.storeOf(METADATA_PATHS.causes), appendOnly, testContext());
    const add = await causes.stageRows([{ level: "category", code: "OTHER", id: 1 }]);
    await causes.commit({ readSnapshot: causes.snapshot, operation: "WRITE", adds: [add], reads: "none" });
    const outcomes = await world.fetch();
    const expected = { ...all("replaced"), stations: "failed", operators: "failed", causes: "failed" };
    assertEquals(statuses(outcomes), expected);
    const messages = outcomes.map(({ error }) => error instanceof Error ? error.message : "");
    assertStringIncludes(messages[0] ?? "", 'column "stationUICCode" is string, expected long');
    assertStringIncludes(messages[1] ?? "", METADATA_PATHS.operators);
    assertStringIncludes(messages[4] ?? "", "append only");
    assertEquals((await world.content("causes")).version, 1);
  },
});

Deno.test({
  name: "a right that is missing and a stop end it at once",
  permissions: "none",
  fn: async () => {
    const world = new World();
    const refused = Object.assign(new Error('Requires net access to "api.example:443"'), {
      name: "NotCapable",
    });
    world.answers = {
      operators: () => {
        throw refused;
      },
    };
    assertEquals(await assertRejects(() => world.fetch()), refused);
    assertEquals(world.requests.length, 2);
    const stop = new AbortController();
    world.answers = {
      operators: () => {
        stop.abort(new Error("stopped"));
        return "throw";
      },
    };
    await assertRejects(() => world.fetch({ full: true, signal: stop.signal }), Error, "stopped");
    assertEquals(world.requests.length, 4);
  },
});

Deno.test({
  name: "a store that fails at any write leaves tables that can be read, and the next fetch makes good",
  permissions: "none",
  fn: async () => {
    const expected = new World();
    await expected.fetch();
    for (let failing = 0, hasFailed = true; hasFailed; failing++) {
      const world = new World();
      let puts = 0;
      hasFailed = false;
      const store = new MemoryStore({
        beforePut: () => {
          if (puts++ !== failing) return;
          hasFailed = true;
          throw new Error("no space left");
        },
      });
      world.stores.set(METADATA_PATHS.causes, store);
      const { causes } = statuses(await world.fetch());
      assertEquals(causes, hasFailed ? "failed" : "replaced");
      assertEquals(statuses(await world.fetch()).causes, hasFailed ? "replaced" : "current");
      assertEquals(await rowCount(world), await rowCount(expected));
    }
  },
});

Deno.test({
  name: "a month of days keeps the log and the files of a table few, also when it changes every day",
  permissions: "none",
  fn: async () => {
    const world = new World();
    const context = { ...testContext(), clock: () => world.nowMs };
    let day = 0;
    world.answers = { "train-categories": () => json([{ name: `Cargo ${day}` }]) };
    for (; day < 30; day++) {
      world.nowMs += 24 * HOUR_MS;
      await world.fetch({ context });
    }
    const changed = await world.storeOf(METADATA_PATHS.train_categories).list("");
    assertEquals(
      changed.filter(({ path }) => path.endsWith(".parquet") && !path.startsWith("_")).length < 12,
      true,
    );
    const same = await world.storeOf(METADATA_PATHS.train_types).list("");
    assertEquals(same.filter(({ path }) => path.endsWith(".parquet") && !path.startsWith("_")).length, 1);
    for (const files of [changed, same]) assert(files.length < 45, `${files.length} files`);
  },
});
