/**
 * Reads the imports of the project and fails on an edge that design section 2 does not allow:
 * scripts -> walks -> stages -> { delta, broker } -> npm, types from stages upstream, no cycles; on files that are
 * too long; and on clocks, randomness, environment and console inside lib/.
 *
 * A passing run does not prove that a stage is free of effects (it may still call `fetch` or write files it was not
 * given), that a name passed on as a value is not called further down, nor anything about npm packages. Imports are
 * found with patterns, not with a compiler: an import built from a variable is not seen.
 */
import { assert, assertEquals } from "@std/assert";
import { judgeProject, type Project } from "./architecture/judge_project.ts";
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
    assert(project.has("lib/config.ts") && project.has("tests/architecture_test.ts"));
    assertEquals(judgeProject(project), []);
  },
});

/** A project that keeps the rules; the cases below break one rule each. */
const GOOD: Readonly<Record<string, string>> = {
  "scripts/process.ts": `import { runScript } from "./run_script.ts";
import { processTrains } from "../lib/process_trains.ts";
import { openBroker } from "../lib/broker/open_broker.ts";
import { serve } from "../lib/simulator/serve.ts";`,
  "scripts/run_script.ts": `import { readConfig } from "../lib/config.ts";` + "\n".repeat(100) + "// the end",
  "lib/process_trains.ts": `import { judge } from "./batch/judge.ts";
import { append } from "./landing/append.ts";
import type { Config } from "./config.ts";
import type { Broker } from "./broker/broker.ts";`,
  "lib/config.ts": `import { UsageError } from "./errors.ts";`,
  "lib/errors.ts": "",
  "lib/train_message.ts": `import type { Broker } from "./broker/broker.ts";`,
  "lib/batch/judge.ts": `import { decode } from "../train_message.ts";
import { type Broker } from "../broker/broker.ts";
const worker = new Worker(new URL("./judge_worker.ts", import.meta.url));
export type Judged = number; // not Date.now()`,
  "lib/batch/judge_worker.ts": `import "npm:zod";`,
  "lib/landing/append.ts": `import type { Judged } from "../batch/judge.ts";
import { append } from "../delta/mod.ts";`,
  "lib/quality/measure.ts": `import type { append } from "../landing/append.ts";`,
  "lib/simulator/serve.ts": "",
  "lib/delta/mod.ts": `export { commit } from "./commit.ts";`,
  "lib/delta/commit.ts": "",
  "lib/broker/broker.ts": `import { BrokerError } from "../errors.ts";`,
  "lib/broker/open_broker.ts": `import type { Broker } from "./broker.ts";`,
  "lib/std/cli/mod.ts": `export * from "./parse_args.ts";`,
  "lib/std/cli/parse_args.ts": "console.log(Date.now());",
};

function judgeWith(changed: Readonly<Record<string, string>>): readonly string[] {
  return judgeProject(new Map(Object.entries({ ...GOOD, ...changed })));
}

/** What is changed, and the one fault that must be found. */
const BROKEN: readonly [name: string, changed: Readonly<Record<string, string>>, fault: string][] = [
  [
    "a stage that calls another stage",
    { "lib/landing/append.ts": `import { judge } from "../batch/judge.ts";` },
    "lib/landing/append.ts (stage) may not import lib/batch/judge.ts (stage)",
  ],
  [
    "a stage that calls another stage behind a type",
    { "lib/landing/append.ts": `import {\n  judge,\n  type Judged,\n} from "../batch/judge.ts";` },
    "lib/landing/append.ts (stage) may not import lib/batch/judge.ts (stage)",
  ],
  [
    "a stage that loads another stage while it runs",
    { "lib/landing/append.ts": `const { judge } = await import("../batch/judge.ts");` },
    "lib/landing/append.ts (stage) may not import lib/batch/judge.ts (stage)",
  ],
  [
    "a stage that names a type from downstream",
    {
      "lib/landing/append.ts": `import type { Measure } from "../quality/measure.ts";`,
      "lib/quality/measure.ts": "",
    },
    "lib/landing/append.ts (stage) may not import the types of lib/quality/measure.ts (stage)",
  ],
  [
    "a stage that names a type from its own level",
    { "lib/quarantine/append.ts": `import type { append } from "../landing/append.ts";` },
    "lib/quarantine/append.ts (stage) may not import the types of lib/landing/append.ts (stage)",
  ],
  [
    "a stage that reads the configuration",
    { "lib/landing/append.ts": `import { readConfig } from "../config.ts";` },
    "lib/landing/append.ts (stage) may not import lib/config.ts (rim)",
  ],
  [
    "a stage that calls a walk",
    { "lib/quality/measure.ts": `import { processTrains } from "../process_trains.ts";` },
    "lib/quality/measure.ts (stage) may not import lib/process_trains.ts (walk)",
  ],
  [
    "a table library that knows trains",
    { "lib/delta/commit.ts": `import type { Train } from "../train_message.ts";` },
    "lib/delta/commit.ts (delta) may not import the types of lib/train_message.ts (word)",
  ],
  [
    "a broker that knows tables",
    { "lib/broker/broker.ts": `export { commit } from "../delta/mod.ts";` },
    "lib/broker/broker.ts (broker) may not import lib/delta/mod.ts (delta)",
  ],
  [
    "a way past the door of the table library",
    { "lib/landing/append.ts": `import { commit } from "../delta/commit.ts";` },
    "lib/landing/append.ts (stage) may not import lib/delta/commit.ts (delta)",
  ],
  [
    "a script that calls a stage",
    { "scripts/process.ts": `import { judge } from "../lib/batch/judge.ts";` },
    "scripts/process.ts (script) may not import lib/batch/judge.ts (stage)",
  ],
  [
    "a word that calls the broker",
    { "lib/train_message.ts": `import { openBroker } from "./broker/open_broker.ts";` },
    "lib/train_message.ts (word) may not import lib/broker/open_broker.ts (broker)",
  ],
  [
    "a stand-in that needs the project",
    { "lib/std/cli/parse_args.ts": `import { UsageError } from "../../errors.ts";` },
    "lib/std/cli/parse_args.ts (std) may not import lib/errors.ts (word)",
  ],
  [
    "an import of a file that is not there",
    { "lib/landing/append.ts": `import { gone } from "./gone.ts";` },
    "lib/landing/append.ts imports lib/landing/gone.ts, which is not there",
  ],
  [
    "a cycle, types included",
    { "lib/delta/commit.ts": `import type { commit } from "./mod.ts";` },
    "cycle: lib/delta/commit.ts -> lib/delta/mod.ts -> lib/delta/commit.ts",
  ],
  [
    "a file of its own",
    { "lib/errors.ts": `import "./errors.ts";` },
    "cycle: lib/errors.ts -> lib/errors.ts",
  ],
  [
    "a file that is too long",
    { "tests/long_test.ts": "x\n".repeat(401) },
    "tests/long_test.ts has 401 lines, expected at most 400",
  ],
  [
    "a door that does more than open",
    { "scripts/report.ts": "x\n".repeat(61) },
    "scripts/report.ts has 61 lines, expected at most 60",
  ],
  [
    "a clock in lib",
    { "lib/landing/append.ts": "/* a\ncomment */\nconst now = Date.now();" },
    "lib/landing/append.ts:3 uses Date.now, expected a parameter",
  ],
  [
    "a console in lib behind an address",
    { "lib/landing/append.ts": `const url = "http://x"; console.log(url);` },
    "lib/landing/append.ts:1 uses console., expected a parameter",
  ],
  [
    "a folder that is no stage",
    { "lib/helpers/all.ts": "" },
    "lib/helpers/all.ts is in no known stage, expected one of " +
    "simulator, digitraffic, batch, landing, quarantine, standard, quality, report, table_verbs",
  ],
];

Deno.test({
  name: "a project that keeps the rules is found without fault",
  permissions: "none",
  fn: () => assertEquals(judgeWith({}), []),
});

for (const [name, changed, fault] of BROKEN) {
  Deno.test({
    name: `${name} is found`,
    permissions: "none",
    fn: () => assertEquals(judgeWith(changed), [fault]),
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
