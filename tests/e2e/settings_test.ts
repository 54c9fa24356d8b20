/** The places that a user may choose, as real processes under the rights of their tasks. */

import { assertEquals, assertStringIncludes } from "@std/assert";
import { serveSimulator } from "../../lib/simulator/serve_simulator.ts";
import { FIRST_ROUND_MS } from "../pipeline/made_up_log.ts";
import { DataFolder, runScript } from "./script_process.ts";

function namesIn(folder: string): readonly string[] {
  return Deno.readDirSync(folder).map(({ name }) => name).toArray().sort();
}

Deno.test("broker, publish state and tables go where their settings say", async () => {
  await using folder = new DataFolder();
  await using simulator = serveSimulator({ seed: 1, trains: 5, clock: () => FIRST_ROUND_MS });
  const env = {
    DATA_DIR: `${folder.path}/tables`,
    BROKER_FILE: `${folder.path}/log/trains.db`,
    STATE_FILE: `${folder.path}/state/published.json`,
    DIGITRAFFIC_URL: simulator.url,
  };
  const fetched = await runScript("fetch", ["--json"], env);
  assertEquals([fetched.code, JSON.parse(fetched.out).published], [0, 5], fetched.err);
  const again = await runScript("fetch", ["--json"], env);
  assertEquals([again.code, JSON.parse(again.out).published], [0, 0], again.err);
  const processed = await runScript("process", ["--json"], env);
  assertEquals(processed.code, 0, processed.err);
  assertEquals(namesIn(folder.file("log")), ["trains.db"]);
  assertEquals(namesIn(folder.file("state")), ["published.json"]);
  assertEquals(namesIn(folder.file("tables")).filter((name) => !name.endsWith("_zone")), []);
});

Deno.test("a broker file or a publish state that is no file on disk is a usage error, and nothing is made", async () => {
  await using folder = new DataFolder();
  const env = { DATA_DIR: folder.path, BROKER_FILE: ":memory:", STATE_FILE: "state/" };
  const ended = await runScript("fetch", [], env);
  assertEquals([ended.code, ended.out], [2, ""]);
  assertStringIncludes(
    ended.err,
    'Cannot use "BROKER_FILE": found ":memory:", expected the name of a file on disk',
  );
  assertStringIncludes(
    ended.err,
    'Cannot use "STATE_FILE": found "state/", expected the name of a file on disk',
  );
  assertEquals(namesIn(folder.file("")), []);
});

Deno.test("--help shows the places with their defaults and their variables", async () => {
  const { out } = await runScript("fetch", ["--help"], {});
  const text = out.replace(/\s+/g, " ");
  for (
    const part of [
      "--data-dir folder folder of the tables (default data_files)",
      "--broker-file file file of the embedded broker (default broker.db in the data folder)",
      "(default publish_state.json in the data folder)",
      "BROKER_FILE same as --broker-file; the flag takes precedence",
      "STATE_FILE same as --state-file; the flag takes precedence",
    ]
  ) assertStringIncludes(text, part);
});
