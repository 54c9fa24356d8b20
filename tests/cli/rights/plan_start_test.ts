/** From a command line to the command that runs it. */
import { assertEquals } from "@std/assert";
import project from "../../../deno.json" with { type: "json" };
import { PLAIN_DISK } from "../../../lib/cli/rights/disk.ts";
import { planStart, type StartCall } from "../../../lib/cli/rights/plan_start.ts";
import { rightsAdvice } from "../../../lib/cli/rights/rights_advice.ts";

const SETS = {
  fetch: {
    read: ["./data_files", "./node_modules"],
    write: ["./data_files"],
    net: ["rata.digitraffic.fi:443"],
  },
  process: { read: ["./data_files", "./lib"], write: ["./data_files"], ffi: ["./node_modules"] },
  report: { read: ["./data_files", "./node_modules"] },
  table: { read: ["./node_modules"] },
};

function call(args: readonly string[], env: Readonly<Record<string, string>> = {}): StartCall {
  return { ...PLAIN_DISK, args, env, sets: SETS };
}

/** The rights that are given beside the set. */
function flagsOf(script: string, given: StartCall): readonly string[] {
  return planStart(script, given).command.filter((word) => /^--(?:allow|deny)-/.test(word));
}

Deno.test("a file outside of the data folder is allowed alone; where its folder is missing, that folder is", () => {
  const env = { STATE_FILE: "/srv/state/a.json", BROKER_FILE: "broker.db" };
  assertEquals(flagsOf("fetch", call([], env)), [
    "--allow-read=./node_modules,data_files,broker.db,broker.db-wal,broker.db-shm,/srv/state/a.json,/srv/state/a.json.tmp",
    "--allow-write=data_files,broker.db,broker.db-wal,broker.db-shm,/srv/state/a.json,/srv/state/a.json.tmp",
  ]);
  assertEquals(flagsOf("fetch", { ...call([], env), isFolder: () => false }), [
    "--allow-read=./node_modules,data_files,broker.db,broker.db-wal,broker.db-shm,/srv/state/a.json,/srv/state/a.json.tmp",
    "--allow-write=data_files,broker.db,broker.db-wal,broker.db-shm,/srv/state",
  ]);
  const inside = { DATA_DIR: "../lake", STATE_FILE: "../lake/x/a.json", BROKER_FILE: "../lake//b.db" };
  assertEquals(flagsOf("fetch", call([], inside)), [
    "--allow-read=./node_modules,../lake",
    "--allow-write=../lake",
  ]);
});

Deno.test("a back-fill may read what fetch has published, and write its own folder alone", () => {
  assertEquals(flagsOf("backfill", call([], { STATE_FILE: "/srv/state/a.json", DATA_DIR: "../lake" })), [
    "--allow-read=../lake,/srv/state/a.json",
    "--allow-write=../lake",
  ]);
});

Deno.test("fetch --metadata may write its own tables alone, and reach the API alone", () => {
  const env = { KAFKA_BROKER: "a:1", KAFKA_CA_FILE: "ca.crt", STATE_FILE: "/srv/s.json", DATA_DIR: "lake" };
  const folders = (given: StartCall, there: readonly string[]) =>
    flagsOf("fetch", { ...given, isFolder: (path) => there.includes(path) });
  const given = call(["--metadata"], env);
  const read = "--allow-read=./node_modules,lake";
  const tables = ["stations", "operators", "train_types", "train_categories", "causes"];
  assertEquals(folders(given, ["lake", "lake/standard_zone"]), [
    read,
    `--allow-write=${tables.map((name) => `lake/standard_zone/${name}`).join(",")}`,
  ]);
  assertEquals(folders(given, ["lake"]), [read, "--allow-write=lake/standard_zone"]);
  assertEquals(folders(given, []), [read, "--allow-write=lake"]);
  const elsewhere = call(["--metadata"], { DIGITRAFFIC_URL: "http://127.0.0.1:8088/api/v1" });
  assertEquals(folders(elsewhere, []), ["--allow-net=127.0.0.1:8088"]);
  assertEquals(flagsOf("fetch", call(["--", "--metadata"], {})), []);
});

Deno.test("fetch --mqtt may reach the MQTT broker too, and holds a lock beside the publish state", () => {
  const elsewhere = { MQTT_URL: "ws://127.0.0.1:8089/mqtt" };
  assertEquals(flagsOf("fetch", call([], elsewhere)), []);
  assertEquals(flagsOf("fetch", call(["--mqtt"])), []);
  assertEquals(flagsOf("fetch", call(["--mqtt"], elsewhere)), [
    "--allow-net=rata.digitraffic.fi:443,127.0.0.1:8089",
  ]);
  assertEquals(flagsOf("fetch", call(["--mqtt", "--mqtt-url", "wss://b.example/x"], elsewhere)), [
    "--allow-net=rata.digitraffic.fi:443,b.example:443",
  ]);
  assertEquals(flagsOf("fetch", call(["--mqtt"], { STATE_FILE: "/srv/a.json" })), [
    "--allow-read=./node_modules,data_files,/srv/a.json,/srv/a.json.tmp,/srv/a.json.lock",
    "--allow-write=data_files,/srv/a.json,/srv/a.json.tmp,/srv/a.json.lock",
  ]);
  assertEquals(flagsOf("simulate", call(["--world", "--mqtt-port", "8089"])), [
    "--allow-net=127.0.0.1:8088,127.0.0.1:8089",
  ]);
});

Deno.test("with Kafka the embedded broker's file is no place to write", () => {
  const env = { KAFKA_BROKER: "a:1,b:2", BROKER_FILE: "/srv/b.db" };
  assertEquals(flagsOf("process", call([], env)), ["--allow-net=a:1,b:2"]);
});

Deno.test("flags beat variables, empty variables are none, and what follows -- is no flag", () => {
  assertEquals(flagsOf("process", call(["--data-dir", "x"], { DATA_DIR: "y" })), [
    "--allow-read=./lib,x",
    "--allow-write=x",
  ]);
  assertEquals(flagsOf("process", call([], { DATA_DIR: "", KAFKA_BROKER: "" })), []);
  assertEquals(flagsOf("table", call(["--json", "show", "--", "-lake"])), [
    "--allow-read=./node_modules,-lake",
  ]);
});

Deno.test("the file of --out is allowed with the one it is made from, also where a link leads to it", () => {
  const realPath = (path: string) => path === "/link.xml" ? "/srv/q.xml" : path === "/" ? "/" : undefined;
  for (const [script, args, first] of [["report", [], ""], ["table", ["cat", "lake"], "lake,"]] as const) {
    assertEquals(
      flagsOf(script, { ...call([...args, "--out", "q.xml"]) }).at(-1),
      "--allow-write=q.xml,q.xml.tmp",
    );
    assertEquals(flagsOf(script, { ...call([...args, "--out=/link.xml"]), realPath }), [
      `--allow-read=./node_modules,${
        first === "" ? "data_files," : first
      }/link.xml,/srv/q.xml,/link.xml.tmp,/srv/q.xml.tmp`,
      "--allow-write=/link.xml,/srv/q.xml,/link.xml.tmp,/srv/q.xml.tmp",
    ]);
    assertEquals(flagsOf(script, call([...args, "--out", "-"])), flagsOf(script, call(args)));
  }
});

Deno.test("a path with a comma is refused in words, and not when only help is wanted", () => {
  const comma =
    'Cannot use "a,b": found a comma, expected a path without one (Deno separates rights by commas)';
  assertEquals(planStart("process", call([], { DATA_DIR: "a,b" })).faults, [comma]);
  assertEquals(planStart("table", call(["cat", "a,b"])).faults, [comma]);
  assertEquals(planStart("process", call(["--help"], { DATA_DIR: "a,b" })).faults, []);
});

Deno.test("an unknown script is refused with those that there are", () => {
  for (const name of ["nope", "", "toString"]) {
    const { faults } = planStart(name, call([]));
    assertEquals(faults.map((fault) => fault.replace(/ one of .*/, "")), [
      `Cannot start "${name}": no such script, expected`,
    ]);
  }
});

Deno.test("a binary may write and reach what the settings of now name, and holds one build of polars", () => {
  const packages = ["zod@4.6.7", "polars-musl@0.1.2", "polars-gnu@0.1.2"];
  const { command } = planStart("process", {
    ...call([], { DATA_DIR: "/srv/lake", KAFKA_BROKER: "a:1" }),
    packages,
  });
  assertEquals(command.filter((word) => /^(?:--allow|-P|compile|--exclude|node_modules)/.test(word)), [
    "compile",
    "-P=process",
    "--allow-read",
    "--allow-ffi",
    "--allow-write=/srv/lake",
    "--allow-net=a:1",
    "--exclude",
    "node_modules/.deno/polars-musl@0.1.2/node_modules/polars-musl",
    "--exclude",
    "node_modules/.deno/node_modules/polars-musl",
    "--exclude",
    "node_modules/polars-musl",
  ]);
});

Deno.test("a missing right leads to the task, when its settings name it, else to the line with that right", () => {
  const advise = (kind: string, to: string, isBinary = false) =>
    rightsAdvice("process", { ...call(["--data-dir", "/my lake"], { KAFKA_BROKER: "a:1" }), isBinary }, {
      kind,
      to,
    });
  const task = "deno task process --data-dir '/my lake'";
  assertEquals(advise("read", "/my lake/x"), task);
  assertEquals(advise("write", "/my lake"), task);
  assertEquals(advise("net", "a:1"), task);
  assertEquals(
    advise("net", "c:3"),
    "deno run --quiet --no-prompt -P=process '--allow-read=./lib,/my lake' '--allow-write=/my lake' --allow-net=a:1,c:3 " +
      "--unstable-lazy-dynamic-imports --v8-flags=--expose-gc,--max-semi-space-size=4 scripts/process.ts --data-dir '/my lake'",
  );
  assertEquals(advise("read", "/my lake/x", true), "deno task compile:process --data-dir '/my lake'");
  for (const kind of ["env", "sys", "ffi", "run"]) assertEquals(advise(kind, "x"), undefined);
});

Deno.test("the pipeline starts under the launcher's rights, as its task does; it cannot be compiled", () => {
  const { command, faults } = planStart("pipeline", call(["--data-dir=/srv/lake"], { DATA_DIR: "x" }));
  const expected = [
    "run",
    "--quiet",
    "--no-prompt",
    "-P=launch",
    "scripts/pipeline.ts",
    "--data-dir=/srv/lake",
  ];
  assertEquals([command, faults], [expected, []]);
  assertEquals(`deno ${command.slice(0, -1).join(" ")}`, project.tasks.pipeline.command);
  assertEquals(planStart("pipeline", { ...call([]), packages: [] }).faults, [
    'Cannot compile "pipeline": it starts other scripts, each with its own rights; expected fetch, process or report',
  ]);
  assertEquals(planStart("pipelines", call([])).faults.length, 1);
});
