/** What a schema policy makes of the answers of the API, on the way to the tables. */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { MemoryStore, openTable } from "../../../lib/delta/mod.ts";
import { fetchMetadata, type FetchMetadataOptions } from "../../../lib/pipeline/metadata/fetch_metadata.ts";
import { describeMetadata } from "../../../lib/pipeline/metadata/metadata_outcome.ts";
import { simulatedMetadata } from "../../../lib/simulator/metadata.ts";
import { METADATA_PATHS } from "../../../lib/tables/table_paths.ts";
import { testContext } from "../../delta/test_context.ts";
import { createTestApi } from "../../digitraffic/test_api.ts";

/** An API that answers like the simulator, but for the lists that a test gives, and what its tables come to. */
function createWorld() {
  const stores = new Map<string, MemoryStore>();
  const storeOf = (path: string) => {
    const store = stores.get(path) ?? new MemoryStore({ label: path });
    stores.set(path, store);
    return store;
  };
  const answers: Record<string, unknown> = {};
  const { api } = createTestApi({
    url: "https://api.example/api/v1",
    clock: () => Date.parse("2025-02-17T04:21:00Z"),
    fetch: (request) => {
      const path = new URL(request.url).pathname.replace("/api/v1/metadata/", "");
      return Promise.resolve(Response.json(answers[path] ?? simulatedMetadata(path)));
    },
  });
  return {
    answers,
    fetch: (more: Partial<FetchMetadataOptions> = {}) =>
      fetchMetadata({ api, storeOf, context: testContext(), ...more }),
    content: async () => {
      const { snapshot } = await openTable(storeOf(METADATA_PATHS.train_categories), testContext());
      return { version: snapshot.version, files: [...snapshot.files.keys()] };
    },
  };
}

Deno.test({
  name: "a schema policy refuses a list with unknown fields, or leaves out what has them, table by table",
  permissions: "none",
  fn: async () => {
    const world = createWorld();
    await world.fetch();
    const [first, ...rest] = simulatedMetadata("train-categories") ?? [];
    world.answers["train-categories"] = [{ ...Object(first), "a.b": 1 }, ...rest];
    world.answers.stations = simulatedMetadata("stations")?.map((each) => ({ ...Object(each), capacity: 1 }));
    const before = await world.content();
    const fetchUnder = async (fields: "freeze" | "discard_row" | "discard_value") => {
      const policies = { train_categories: { fields, known: [] } };
      const outcomes = await world.fetch({ full: true, policies });
      const [mine] = outcomes.filter(({ name }) => name === "train_categories");
      assert(mine !== undefined);
      const [stations] = outcomes;
      assertEquals([stations?.status, stations?.drift], ["unchanged", { "$[].capacity": 111 }]);
      return { ...mine, text: describeMetadata([mine]), content: await world.content() };
    };
    const frozen = await fetchUnder("freeze");
    assertEquals([frozen.status, frozen.content], ["failed", before]);
    assertStringIncludes(
      String(frozen.error),
      `in 1 of ${rest.length + 1} train categories, the first is $[0]["a.b"]`,
    );
    const discarded = await fetchUnder("discard_row");
    assertEquals([discarded.discarded, discarded.firstDiscarded], [1, '$[0]["a.b"]']);
    assertEquals(
      discarded.text,
      `train_categories  ${rest.length} rows, new content, 1 unknown field, 1 left out for them`,
    );
    const silent = await fetchUnder("discard_value");
    assertEquals([silent.status, silent.rows, silent.drift], ["replaced", rest.length + 1, undefined]);
  },
});
