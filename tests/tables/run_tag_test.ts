import { assertEquals } from "@std/assert";
import { runsOfTag, runsTag } from "../../lib/tables/run_tag.ts";
import { fakeAdd } from "../delta/test_context.ts";

const TIME = "data_quality_generation_time";
const RUNS = [1, 3, 2].map((hour) => ({ run_id: `run ${hour}`, [TIME]: BigInt(hour) * 3_600_000_000n }));

function fileOf(tags: Readonly<Record<string, string | null>>, rows = RUNS.length) {
  return { ...fakeAdd("runs.parquet"), tags, stats: JSON.stringify({ numRecords: rows }) };
}

Deno.test("a file tells its runs, the newest first, and whether it has others", () => {
  const ids = (rows: number) => {
    const found = runsOfTag(fileOf(runsTag(RUNS), rows));
    return [found?.rows.map((row) => row.run_id), found?.isWhole];
  };
  assertEquals(ids(3), [["run 3", "run 2", "run 1"], true]);
  assertEquals(ids(4), [["run 3", "run 2", "run 1"], false]);
});

Deno.test("a file whose rows were deleted in part, and a tag that is no list of runs, tell nothing", () => {
  const whole = fileOf(runsTag(RUNS));
  const deletionVector = { storageType: "u", pathOrInlineDv: "x", sizeInBytes: 1, cardinality: 1 } as const;
  assertEquals(runsOfTag({ ...whole, deletionVector }), null);
  const [name = ""] = Object.keys(runsTag(RUNS));
  for (const tag of ["no JSON", "[]", "{}", "7", "null", "[null]", "[{}]", '[{"run_id":7}]', null]) {
    assertEquals([tag, runsOfTag(fileOf({ [name]: tag }))], [tag, null]);
  }
  assertEquals(runsOfTag(fileOf({})), null);
});
