/**
 * Makes lakes of the same messages with this checkout and with another one, and compares the content of all tables.
 *
 *     deno task bench:compare --base FOLDER [--only TEXT]
 *
 * Each checkout fills a broker of its own with its own code, so that neither has to read the other's files; polars and
 * delta-rs read the tables of both. Exit codes: 0 all is equal, 1 failed, 2 usage, 3 something differs.
 */

import { parseArgs } from "@std/cli";
import type { Message } from "../../lib/broker/broker.ts";
import { runPython, whyNoPython } from "../interop/python_venv.ts";
import { BENCH_FOLDER, removeIfThere } from "./bench_cache.ts";
import { COMPARE_CASES, type CompareCase } from "./compare_cases.ts";

const HERE = new URL("../../", import.meta.url).pathname.replace(/\/$/, "");
const FOLDER = `${BENCH_FOLDER}/compare`;
const TOPIC = "digitraffic_live_trains";
const EXAMPLE_WIDTH = 300;
const PUBLISHED_AT_ONCE = 2000;
/** Times of the wall, names made by chance, and versions of logs, which follow from how often they are tidied. */
const EXCEPTED = {
  batches: [
    ...["judgeSeconds", "quarantineSeconds", "landingSeconds", "standardSeconds"],
    ...["landingVersion", "quarantineVersion", "standardVersion"],
  ],
  runs: ["data_quality_generation_time", "run_id"],
};
const USAGE = `Compares the tables that this checkout and another one make of the same messages.

  deno task bench:compare --base FOLDER [--only TEXT]

  --base  another checkout, with its packages installed ("deno install")
  --only  the cases whose names contain the text: ${COMPARE_CASES.map(({ name }) => name).join("; ")}
  --help  this text

Exit codes: 0 all is equal, 1 failed, 2 usage, 3 something differs.`;

interface TableDifference {
  readonly what: string;
  readonly rows: number | null;
  readonly examples: readonly unknown[];
}

interface TableComparison {
  readonly rows: readonly [base: number, here: number];
  /** Number of columns. */
  readonly compared: number;
  readonly excepted: readonly string[];
  /** Columns that the other checkout does not have. */
  readonly added: readonly string[];
  readonly differences: readonly TableDifference[];
}

Deno.exit(await main());

async function main(): Promise<number> {
  const faults: string[] = [];
  const flags = parseArgs(Deno.args, {
    boolean: ["help"],
    string: ["base", "only"],
    unknown: (arg: string) => void faults.push(`Cannot use "${arg}": expected --base, --only or --help`),
  });
  if (flags.help === true) {
    console.log(USAGE);
    return 0;
  }
  const base = String(flags.base ?? "");
  const cases = COMPARE_CASES.filter(({ name }) => name.includes(String(flags.only ?? "")));
  if (base === "") faults.push("Cannot compare: found no --base, expected the folder of another checkout");
  if (cases.length === 0) faults.push(`Cannot use --only "${flags.only}": no such case, see --help`);
  const reason = faults.length > 0 ? undefined : await whyNoPython(["deltalake", "pyarrow"]);
  if (reason !== undefined) faults.push(`Cannot compare: ${reason}`);
  faults.forEach((fault) => console.error(fault));
  if (faults.length > 0) return 2;
  return await compareAll(base.startsWith("/") ? base : `${Deno.cwd()}/${base}`, cases) ? 0 : 3;
}

async function compareAll(base: string, cases: readonly CompareCase[]): Promise<boolean> {
  let isEqual = true;
  for (const one of cases) {
    await makeLakes([base, HERE], one);
    const folders = [base, HERE].map((checkout) => `${checkout}/${FOLDER}`);
    const found = await runPython<Readonly<Record<string, TableComparison>>>("compare_lakes.py", [
      ...folders,
      JSON.stringify(EXCEPTED),
    ]);
    console.log(`${one.name} (${base} | here)`);
    for (const [table, comparison] of Object.entries(found)) {
      console.log(describeTable(table, comparison));
      isEqual &&= comparison.differences.length === 0;
    }
  }
  for (const checkout of [base, HERE]) await removeIfThere(`${checkout}/${FOLDER}`);
  return isEqual;
}

async function makeLakes(checkouts: readonly string[], { steps }: CompareCase): Promise<void> {
  for (const checkout of checkouts) {
    await removeIfThere(`${checkout}/${FOLDER}`);
    await Deno.mkdir(`${checkout}/${FOLDER}`, { recursive: true });
  }
  for (const step of steps) {
    // Made once: both get the very same.
    const messages = await Array.fromAsync<Message>(step.messages());
    for (const checkout of checkouts) {
      await publish(checkout, messages);
      await runProcess(checkout, step.args ?? []);
    }
  }
}

async function runProcess(checkout: string, args: readonly string[]): Promise<void> {
  const { code, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["task", "--quiet", "process", ...args],
    cwd: checkout,
    env: { DATA_DIR: FOLDER, KAFKA_BROKER: "", KAFKA_TOPIC: "", NO_COLOR: "1" },
    stdin: "null",
  }).output();
  if (code === 0) return;
  throw new Error(
    `process of "${checkout}" ended with ${code}: ${new TextDecoder().decode(stderr).slice(-2000)}`,
  );
}

/** With the checkout's own code: what it writes it can read. */
async function publish(checkout: string, messages: readonly Message[]): Promise<void> {
  const { openBroker }: typeof import("../../lib/broker/open_broker.ts") = await import(
    `file://${checkout}/lib/broker/open_broker.ts`
  );
  await using broker = await openBroker({ path: `${checkout}/${FOLDER}/broker.db`, clock: Date.now });
  await broker.ensureTopic(TOPIC, 3);
  for (let at = 0; at < messages.length; at += PUBLISHED_AT_ONCE) {
    await broker.publish(TOPIC, messages.slice(at, at + PUBLISHED_AT_ONCE));
  }
}

function describeTable(
  table: string,
  { rows, compared, excepted, added, differences }: TableComparison,
): string {
  const [base, here] = rows.map((count) => count.toLocaleString("en"));
  const without = excepted.length === 0 ? "" : ` without ${excepted.join(", ")}`;
  const more = added.length === 0 ? "" : `; new: ${added.join(", ")}`;
  const outcome = differences.length === 0 ? "equal" : `${differences.length} differences`;
  return [
    `  ${table}: ${base} | ${here} rows, ${compared} columns${without}${more}: ${outcome}`,
    ...differences.flatMap(({ what, rows, examples }) => [
      `    ${what}${rows === null ? "" : ` in ${rows} rows`}`,
      ...examples.map((example) => `      ${cut(JSON.stringify(example))}`),
    ]),
  ].join("\n");
}

function cut(text: string): string {
  return text.length <= EXAMPLE_WIDTH ? text : `${text.slice(0, EXAMPLE_WIDTH)}...`;
}
