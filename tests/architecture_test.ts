/**
 * Reads the imports of the project and fails on an edge that `architecture/allowed_edges.ts` does not allow, on cycles
 * of files and of folders, on files and folders that are too large, on clocks, randomness, environment and console
 * inside lib/ (but for the one door of the table library), on errors of the system in the
 * table library, and on arrays of any length as the arguments of a call.
 *
 * A passing run does not prove that a stage is free of effects (it may still call `fetch` or write files it was not
 * given), that a name passed on as a value is not called further down, nor anything about npm packages. Imports are
 * found with patterns, not with a compiler: an import built from a variable is not seen.
 */
import { assert, assertEquals } from "@std/assert";
import { checkProject, type Project } from "./architecture/check_project.ts";
import { readImports } from "./architecture/read_imports.ts";

const ROOT = new URL("../", import.meta.url);

function readFolder(folder: string): [string, string][] {
  return Deno.readDirSync(new URL(`${folder}/`, ROOT)).flatMap(
    ({ name, isDirectory }): [string, string][] => {
      const path = `${folder}/${name}`;
      if (isDirectory) return readFolder(path);
      return name.endsWith(".ts") ? [[path, Deno.readTextFileSync(new URL(path, ROOT))]] : [];
    },
  ).toArray();
}

Deno.test({
  name: "lib, scripts and tests keep to the direction of imports, to their sizes and to their purity",
  permissions: { read: [ROOT] },
  fn() {
    const project: Project = new Map(["lib", "scripts", "tests"].flatMap(readFolder));
    assert(project.has("lib/cli/config.ts") && project.has("tests/architecture_test.ts"));
    assertEquals(checkProject(project), []);
  },
});

const HEADLESS = "lib/landing/headless.ts";

/** A project that keeps the rules; the cases below break one rule each. */
const GOOD: Readonly<Record<string, string>> = {
  "scripts/process.ts": `import { runScript } from "./host/run_script.ts";
import { processTrains } from "../lib/pipeline/process_trains.ts";
import { openBroker } from "../lib/broker/open_broker.ts";
import { serve } from "../lib/simulator/serve.ts";`,
  "scripts/host/run_script.ts": `import { readConfig } from "../../lib/cli/config.ts";` + "\n".repeat(100) +
    "// the end",
  "lib/errors.ts": "",
  "lib/cli/config.ts": `import { UsageError } from "../errors.ts";`,
  "lib/pipeline/process_trains.ts": `import { validate } from "../validate/validate.ts";
import { append } from "../landing/append.ts";
import type { Config } from "../cli/config.ts";
import type { Broker } from "../broker/broker.ts";`,
  "lib/train/train_message.ts": `import type { Broker } from "../broker/broker.ts";`,
  "lib/tables/lake.ts": `import { commit } from "../delta/mod.ts";`,
  "lib/validate/validate.ts": `import { decode } from "../train/train_message.ts";
import { type Broker } from "../broker/broker.ts";
const worker = new Worker(new URL("./validate_worker.ts", import.meta.url));
export type Validated = number; // not Date.now()`,
  "lib/validate/validate_worker.ts": `import "npm:zod";`,
  "lib/landing/append.ts": `import type { Validated } from "../validate/validate.ts";
import { append } from "../delta/mod.ts";`,
  "lib/quality/measure.ts": `import type { append } from "../landing/append.ts";`,
  "lib/simulator/serve.ts": "",
  "lib/delta/mod.ts": `export { commit } from "./log/commit.ts";`,
  "lib/delta/errors.ts": "",
  "lib/delta/store/store.ts": `import { CorruptLogError } from "../errors.ts";`,
  "lib/delta/store/local_store.ts": "error instanceof Deno.errors.NotFound; // Its own system's errors.",
  "lib/delta/log/commit.ts": `import type { Store } from "../store/store.ts";`,
  "lib/broker/broker.ts": `import { BrokerError } from "../errors.ts";`,
  "lib/broker/kafka/kafka_broker.ts": `import type { Broker } from "../broker.ts";`,
  "lib/broker/open_broker.ts": `import { kafka } from "./kafka/kafka_broker.ts";`,
  "lib/delta/host_context.ts": "export const clock = () => Date.now();",
  "lib/delta/read/rows.ts": "all.push([...some]); pl.concat([first, ...rest]); const most = Math.max(a, b);",
  "lib/std/cli/mod.ts": `export * from "./parse_args.ts";`,
  "lib/std/cli/parse_args.ts": "console.log(Date.now());",
};

function checkWith(changed: Readonly<Record<string, string>>): readonly string[] {
  return checkProject(new Map(Object.entries({ ...GOOD, ...changed }).map(withHead)));
}

/** Every file says first why it exists, but for the one that is to be found. */
function withHead([path, source]: readonly [string, string]): [string, string] {
  return [path, path === HEADLESS ? source : `/** Why. */${source === "" ? "" : "\n"}${source}`];
}

/** What is changed, and the one fault that must be found. */
const BROKEN: readonly [name: string, changed: Readonly<Record<string, string>>, fault: string][] = [
  [
    "a package that two files import",
    { "lib/errors.ts": `import { z } from "zod";`, "lib/train/train_message.ts": `import { z } from "zod";` },
    "lib/errors.ts, lib/train/train_message.ts import zod, expected one file of lib/packages to do so",
  ],
  [
    "a stage that calls another stage",
    { "lib/landing/append.ts": `import { validate } from "../validate/validate.ts";` },
    "lib/landing/append.ts may not import lib/validate/validate.ts",
  ],
  [
    "a stage that calls another stage behind a type",
    {
      "lib/landing/append.ts": `import {\n  validate,\n  type Validated,\n} from "../validate/validate.ts";`,
    },
    "lib/landing/append.ts may not import lib/validate/validate.ts",
  ],
  [
    "a stage that loads another stage while it runs",
    { "lib/landing/append.ts": `const { validate } = await import("../validate/validate.ts");` },
    "lib/landing/append.ts may not import lib/validate/validate.ts",
  ],
  [
    "a stage that names a type from downstream",
    {
      "lib/landing/append.ts": `import type { Measure } from "../quality/measure.ts";`,
      "lib/quality/measure.ts": "",
    },
    "lib/landing/append.ts may not import the types of lib/quality/measure.ts",
  ],
  [
    "a stage that reads the configuration",
    { "lib/landing/append.ts": `import { readConfig } from "../cli/config.ts";` },
    "lib/landing/append.ts may not import lib/cli/config.ts",
  ],
  [
    "a pipeline that reads the command line",
    { "lib/pipeline/process_trains.ts": `import { readConfig } from "../cli/config.ts";` },
    "lib/pipeline/process_trains.ts may not import lib/cli/config.ts",
  ],
  [
    "a stage that calls a pipeline",
    {
      "lib/quality/measure.ts": `import { processTrains } from "../pipeline/process_trains.ts";`,
    },
    "lib/quality/measure.ts may not import lib/pipeline/process_trains.ts",
  ],
  [
    "a table library that knows trains",
    { "lib/delta/log/commit.ts": `import type { Train } from "../../train/train_message.ts";` },
    "lib/delta/log/commit.ts may not import the types of lib/train/train_message.ts",
  ],
  [
    "a table library that knows the errors of the project",
    { "lib/delta/log/commit.ts": `import { UsageError } from "../../errors.ts";` },
    "lib/delta/log/commit.ts may not import lib/errors.ts",
  ],
  [
    "a folder of the table library that looks up",
    {
      "lib/delta/store/store.ts": `import type { commit } from "../log/commit.ts";`,
      "lib/delta/log/commit.ts": "",
    },
    "lib/delta/store/store.ts may not import lib/delta/log/commit.ts: it lies above",
  ],
  [
    "a folder of the table library that nobody has put in order",
    { "lib/delta/misc/all.ts": "" },
    "lib/delta/misc is in no table of tests/architecture/allowed_edges.ts",
  ],
  [
    "a broker that knows tables",
    { "lib/broker/broker.ts": `export { commit } from "../delta/mod.ts";` },
    "lib/broker/broker.ts may not import lib/delta/mod.ts",
  ],
  [
    "a way past the entry file of the table library",
    { "lib/landing/append.ts": `import { commit } from "../delta/log/commit.ts";` },
    "lib/landing/append.ts may not import lib/delta/log/commit.ts",
  ],
  [
    "a script that calls a stage",
    { "scripts/process.ts": `import { validate } from "../lib/validate/validate.ts";` },
    "scripts/process.ts may not import lib/validate/validate.ts",
  ],
  [
    "a codec that calls the broker",
    { "lib/train/train_message.ts": `import { openBroker } from "../broker/open_broker.ts";` },
    "lib/train/train_message.ts may not import lib/broker/open_broker.ts",
  ],
  [
    "a stand-in that needs the project",
    { "lib/std/cli/parse_args.ts": `import { UsageError } from "../../errors.ts";` },
    "lib/std/cli/parse_args.ts may not import lib/errors.ts",
  ],
  [
    "an import of a file that is not there",
    { "lib/landing/append.ts": `import { gone } from "./gone.ts";` },
    "lib/landing/append.ts imports lib/landing/gone.ts, which is not there",
  ],
  [
    "a cycle, types included",
    {
      "lib/validate/validate.ts": `import type { work } from "./validate_worker.ts";`,
      "lib/validate/validate_worker.ts": `import { validate } from "./validate.ts";`,
    },
    "cycle: lib/validate/validate.ts -> lib/validate/validate_worker.ts -> lib/validate/validate.ts",
  ],
  [
    "a cycle of folders, though no two files make one",
    {
      "lib/broker/embedded/file.ts": `import type { kafka } from "../kafka/kafka_broker.ts";`,
      "lib/broker/kafka/retry.ts": `import type { other } from "../embedded/other.ts";`,
      "lib/broker/embedded/other.ts": "",
    },
    "cycle: lib/broker/embedded -> lib/broker/kafka -> lib/broker/embedded",
  ],
  [
    "an array of any length as the arguments of a call",
    { "lib/delta/read/rows.ts": "const all = [];\nall.push(first, ...some);" },
    "lib/delta/read/rows.ts:3 uses .push(first, ..., expected a loop or reduce, since an array may have more elements " +
    "than a call takes arguments",
  ],
  [
    "an import of itself",
    { "lib/errors.ts": `import "./errors.ts";` },
    "cycle: lib/errors.ts -> lib/errors.ts",
  ],
  [
    "a file that is too long",
    { "tests/long_test.ts": "x\n".repeat(400) },
    "tests/long_test.ts has 401 lines, expected at most 400",
  ],
  [
    "a script that does more than open",
    { "scripts/report.ts": "x\n".repeat(60) },
    "scripts/report.ts has 61 lines, expected at most 60",
  ],
  [
    "a hall instead of rooms",
    Object.fromEntries([..."abcdefghijklmnopqrstuvwxyz"].map((name) => [`lib/landing/${name}.ts`, ""])),
    "lib/landing has 27 files, expected at most 26",
  ],
  [
    "a file that found no room",
    { "lib/a.ts": "", "lib/b.ts": "", "lib/c.ts": "" },
    "lib has 4 files, expected at most 3",
  ],
  [
    "a clock in lib",
    { "lib/landing/append.ts": "/* a\ncomment */\nconst now = Date.now();" },
    "lib/landing/append.ts:4 uses Date.now, expected a parameter",
  ],
  [
    "a console in lib behind an address",
    { "lib/landing/append.ts": `const url = "http://x"; console.log(url);` },
    "lib/landing/append.ts:2 uses console., expected a parameter",
  ],
  [
    "a table library that knows what its store is made of",
    { "lib/delta/log/commit.ts": "if (error instanceof Deno.errors.NotFound) wait();" },
    "lib/delta/log/commit.ts:2 uses Deno.errors, expected the library's own error",
  ],
  [
    "a class of the runtime's errors in lib",
    { "lib/landing/append.ts": `try {\n} catch (error) {\n  error instanceof Deno.errors.NotFound;\n}` },
    "lib/landing/append.ts:4 uses Deno.errors, expected systemFault of lib/errors.ts",
  ],
  [
    "native code that is given a path",
    { "lib/landing/append.ts": "frame.writeParquet(path);" },
    "lib/landing/append.ts:2 uses .writeParquet(, expected bytes, as native code gets no path but the one that " +
    "stage_frame.ts has from the store",
  ],
  [
    "a second reader of statistics",
    { "lib/landing/append.ts": `const { numRecords } = JSON.parse(add.stats ?? "{}");` },
    "lib/landing/append.ts:2 uses JSON.parse(add.stats, expected columnBounds, statsRows or DeltaTable.countRows",
  ],
  [
    "a file that does not say why it exists",
    { [HEADLESS]: "export const a = 1;" },
    `${HEADLESS} does not say first why it exists`,
  ],
  [
    "a folder that nobody knows",
    { "lib/helpers/all.ts": "" },
    "lib/helpers is in no table of tests/architecture/allowed_edges.ts",
  ],
];

Deno.test({
  name: "a project that keeps the rules is found without fault",
  permissions: "none",
  fn: () => assertEquals(checkWith({}), []),
});

for (const [name, changed, fault] of BROKEN) {
  Deno.test({
    name: `${name} is found`,
    permissions: "none",
    fn: () => assertEquals(checkWith(changed), [fault]),
  });
}

Deno.test({
  name: "imports are found in every form, and comments and texts are not taken for them",
  permissions: "none",
  fn() {
    const source = `// import { a } from "./comment.ts";
import defaultName, { b } from "./default.ts";
import type { C } from "./type.ts";
import { type D, type E } from "./types.ts";
import * as all from "../up.ts";
import type from "./type_as_name.ts";
export * from "./all.ts";
export type { F } from "./exported_type.ts";
export { g } from "npm:package";
const text = 'import { h } from "./text.ts"';
export const from = "value";
export function i() { return "from"; }`;
    const kinds = Object.fromEntries(readImports("lib/x/file.ts", source).map(({ kind, to }) => [to, kind]));
    assertEquals(kinds, {
      "lib/x/default.ts": "value",
      "lib/x/type.ts": "type",
      "lib/x/types.ts": "type",
      "lib/up.ts": "value",
      "lib/x/type_as_name.ts": "value",
      "lib/x/all.ts": "value",
      "lib/x/exported_type.ts": "type",
      "npm:package": "value",
    });
  },
});
