/** `deno task sql` as a process, with the rights that it has. */
import { assertEquals, assertStringIncludes } from "@std/assert";
import { makeLog } from "../pipeline/made_up_log.ts";
import { brokerWith, runProcess } from "../pipeline/process_rig.ts";
import { DataFolder, runScript } from "./script_process.ts";

Deno.test("sql answers over what process made, into a file too, and tells a wrong question from a broken table", async () => {
  await using folder = new DataFolder();
  const env = { DATA_DIR: folder.path };
  await using broker = await brokerWith(makeLog({ trains: 4 }));
  await runProcess({ broker, storeOf: folder.storeOf });
  const question = "select count(*) as trains from train_runs where trainNumber > 0";
  const out = folder.file("answer.csv");
  const file = await runScript("sql", [question, "--format=csv", `--out=${out}`], env);
  assertEquals([file.code, file.out, file.err], [0, "", ""]);
  assertEquals(await Deno.readTextFile(out), "trains\r\n4\r\n");
  const wrong = await runScript("sql", ["select nope from train_runs"], env);
  assertEquals([wrong.code, wrong.out], [2, ""]);
  assertStringIncludes(wrong.err, 'found no column "nope"');
  const [part] = await Array.fromAsync(
    Deno.readDir(folder.file("analysis_zone/train_runs")),
    ({ name }) => name,
  )
    .then((names) => names.filter((name) => name.startsWith("departureDate=")));
  const place = folder.file(`analysis_zone/train_runs/${part}`);
  for await (const { name } of Deno.readDir(place)) {
    await Deno.writeTextFile(`${place}/${name}`, "no Parquet");
  }
  const broken = await runScript("sql", ["select count(trainType) from train_runs"], env);
  assertEquals([broken.code, broken.out], [1, ""]);
  assertStringIncludes(broken.err, "data file");
});
