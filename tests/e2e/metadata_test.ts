/** `fetch --metadata` as a process: against the simulator, without a broker, with its own rights. */
import { assertEquals, assertStringIncludes } from "@std/assert";
import { openTable } from "../../lib/delta/mod.ts";
import { serveSimulator } from "../../lib/simulator/serve_simulator.ts";
import { METADATA_PATHS } from "../../lib/tables/table_paths.ts";
import { DataFolder, runScript } from "./script_process.ts";

const AT_MS = Date.parse("2025-02-17T04:21:00Z");
const CONTEXT = { clock: () => AT_MS, ids: () => "reader" };
const ROWS = { stations: 111, operators: 5, train_types: 16, train_categories: 7, causes: 28 };

Deno.test("fetch --metadata fills the tables once a day, whatever the broker is, and leaves no other file", async () => {
  await using folder = new DataFolder();
  await using simulator = serveSimulator({ seed: 1, trains: 1, clock: () => AT_MS });
  const env = {
    DATA_DIR: folder.path,
    DIGITRAFFIC_URL: simulator.url,
    KAFKA_BROKER: "no-such-host.invalid:9092",
  };
  const first = await runScript("fetch", ["--metadata", "--json"], env);
  assertEquals([first.code, first.err], [0, ""]);
  const parts: readonly Readonly<Record<string, unknown>>[] = JSON.parse(first.out).metadata;
  assertEquals(Object.fromEntries(parts.map(({ name, rows }) => [name, rows])), ROWS);
  for (const [name, rows] of Object.entries(ROWS)) {
    const path = METADATA_PATHS[name as keyof typeof ROWS];
    const table = await openTable(folder.storeOf(path), CONTEXT);
    const counts = await Promise.all([...table.snapshot.files.values()].map((add) => table.countRows(add)));
    assertEquals([name, counts], [name, [rows]]);
  }
  assertEquals([...Deno.readDirSync(folder.file(""))].map(({ name }) => name), ["standard_zone"]);
  const second = await runScript("fetch", ["--metadata"], env);
  assertEquals([second.code, second.err], [0, ""]);
  for (const line of second.out.trimEnd().split("\n")) {
    assertStringIncludes(line, "is up to date, fetched at 2");
  }
});

Deno.test("a part that fails ends in exit code 1 and a last line that says what stays, and the others are in", async () => {
  await using folder = new DataFolder();
  await using simulator = serveSimulator({ seed: 1, trains: 1, clock: () => AT_MS });
  const env = { DATA_DIR: folder.path, DIGITRAFFIC_URL: simulator.url };
  simulator.failNext("error-object");
  const { code, out, err } = await runScript("fetch", ["--metadata"], env);
  assertEquals(code, 1);
  assertStringIncludes(out, "stations          failed; nothing was written to standard_zone/stations");
  assertStringIncludes(out, "operators         5 rows, new content");
  const last = err.trimEnd().split("\n").at(-1) ?? "";
  assertStringIncludes(
    last,
    "found error TRAIN_LIMIT_EXCEEDED: Too many trains asked for, expected an array of stations",
  );
  const settings = `--digitraffic-url ${simulator.url} --data-dir ${folder.path}`;
  assertStringIncludes(last, `the next \`deno task fetch ${settings} --metadata\` tries again`);
  const again = await runScript("fetch", ["--metadata"], env);
  assertEquals([again.code, again.err], [0, ""]);
  assertStringIncludes(again.out, "stations          111 rows, new content");
});

Deno.test("the pipeline has no --metadata: its first step is the trains", async () => {
  const { code, err } = await runScript("pipeline", ["--metadata"], {});
  assertEquals(code, 2);
  assertStringIncludes(err, 'Cannot use "--metadata": unknown flag');
});
