/** `deno task analyse` as a process, with the rights that it has. */
import { assertEquals, assertStringIncludes } from "@std/assert";
import { ANALYSIS_PATHS } from "../../lib/tables/table_paths.ts";
import { makeLog } from "../pipeline/made_up_log.ts";
import { brokerWith, runProcess } from "../pipeline/process_rig.ts";
import { readAnalysis } from "../pipeline/table_content.ts";
import { DataFolder, runScript } from "./script_process.ts";

Deno.test("analyse makes tables that are missing, does nothing twice, and rebuilds what is there to the same", async () => {
  await using folder = new DataFolder();
  const env = { DATA_DIR: folder.path };
  const none = await runScript("analyse", [], env);
  assertEquals([none.code, none.out], [1, ""]);
  assertStringIncludes(none.err, "deno task process");
  await using broker = await brokerWith(makeLog({ trains: 4 }));
  await runProcess({ broker, storeOf: folder.storeOf });
  const expected = await readAnalysis(folder.storeOf);
  for (const path of Object.values(ANALYSIS_PATHS)) await Deno.remove(folder.file(path), { recursive: true });
  const made = await runScript("analyse", ["--json"], env);
  assertEquals([made.code, made.err], [0, ""]);
  const { dates, isComplete, rows } = JSON.parse(made.out);
  assertEquals([dates > 0, isComplete, rows.train_runs], [true, true, 4]);
  assertEquals(await readAnalysis(folder.storeOf), expected);
  assertStringIncludes(
    (await runScript("analyse", [], env)).out,
    "nothing was outdated; 4 rows in train_runs",
  );
  assertStringIncludes(
    (await runScript("analyse", ["--rebuild"], env)).out,
    "worked out; 4 rows in train_runs",
  );
  assertEquals(await readAnalysis(folder.storeOf), expected);
});
