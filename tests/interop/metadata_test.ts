/** Other readers see in the tables of metadata what the API has sent. */
import { assertEquals, assertStringIncludes } from "@std/assert";
import { LocalStore } from "../../lib/delta/mod.ts";
import { fetchMetadata } from "../../lib/pipeline/metadata/fetch_metadata.ts";
import { simulatedMetadata } from "../../lib/simulator/metadata.ts";
import { testContext } from "../delta/test_context.ts";
import { createTestApi } from "../digitraffic/test_api.ts";
import { runPython, whyNoPython } from "./python_venv.ts";
import { testUnless } from "./test_unless.ts";

type PlainRow = Readonly<Record<string, unknown>>;
type Readings = Readonly<
  Record<
    string,
    { readonly rows: readonly PlainRow[]; readonly version: number; readonly description: string }
  >
>;

/** One element with all that a cause may have, beside those of the simulator. */
const WHOLE_CAUSE = {
  id: -1,
  thirdCategoryCode: "Ä101",
  thirdCategoryName: "Nimi",
  description: "Kuvaus\nriveillä",
  validFrom: "0001-01-01",
  validTo: "9999-12-31",
  passengerTerm: { fi: "Sää", sv: "Väder", en: "Weather" },
};

const reason = await whyNoPython(["deltalake", "polars", "pyarrow"]);

testUnless(reason, {
  name: "delta-rs and polars read the rows that the API has sent, nested ones and dates too",
  fn: async () => {
    const folder = await Deno.makeTempDir();
    const answer = (path: string) =>
      path.startsWith("third") ? [...simulatedMetadata(path) ?? [], WHOLE_CAUSE] : simulatedMetadata(path);
    const { api } = createTestApi({
      url: "https://api.example/api/v1",
      fetch: ({ url }) =>
        Promise.resolve(Response.json(answer(new URL(url).pathname.split("/").at(-1) ?? ""))),
    });
    const options = { api, storeOf: (path: string) => new LocalStore(`${folder}/${path}`) };
    await fetchMetadata({ ...options, context: testContext() });
    const again = await fetchMetadata({ ...options, context: testContext("again"), full: true });
    assertEquals(again.map(({ status, version }) => [status, version]), Array(5).fill(["unchanged", 2]));
    const read = await runPython<Readings>("read_metadata.py", [folder]);
    for (const { version, description } of Object.values(read)) {
      assertEquals(version, 2);
      assertStringIncludes(description, "license CC BY 4.0");
    }
    const sorted = (rows: readonly PlainRow[] = [], key: string) =>
      rows.toSorted((a, b) => `${a[key]}` < `${b[key]}` ? -1 : 1);
    for (
      const [table, path, key] of [
        ["stations", "stations", "stationShortCode"],
        ["operators", "operators", "operatorShortCode"],
        ["train_categories", "train-categories", "name"],
      ] as const
    ) {
      assertEquals(sorted(read[table]?.rows, key), sorted(simulatedMetadata(path), key));
    }
    const causes = read.causes?.rows ?? [];
    const { id, description, validFrom, validTo, passengerTerm } = WHOLE_CAUSE;
    const whole = { level: "third", code: "Ä101", id, name: "Nimi", description, validFrom, validTo };
    assertEquals(causes.find((cause) => cause.id === -1), { ...whole, passengerTerm });
    assertEquals(causes.length, 29);
    await Deno.remove(folder, { recursive: true });
  },
});
