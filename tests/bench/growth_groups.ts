/** What `--growth` measures: whole processes with more and more of one thing. */

import { LocalStore, openTable } from "../../lib/delta/mod.ts";
import { TABLE_PATHS } from "../../lib/tables/table_paths.ts";
import { startKafka, whyNoKafka } from "../interop/kafka_server.ts";
import { brokerOf, copyFolder, FETCHED_AT, type InputName, inputOf, workFolder } from "./bench_input.ts";
import { runScript, scriptProgram } from "./bench_script.ts";
import type { GrowthFigures } from "./growth_figures.ts";
import { measureLine, type Side } from "./measure_line.ts";
import { type Measurement, measureProgram } from "./measure_program.ts";
import { type Runs, summarizeRuns } from "./summarize_runs.ts";

/** Lines that are compared with each other. */
export interface GrowthGroup {
  readonly name: string;
  /** Why it cannot be measured here; undefined when it can. */
  readonly whyNot?: () => Promise<string | undefined>;
  readonly measure: (runs: number) => AsyncIterable<GrowthFigures>;
}

const MARKS = [1, 10, 100, 1000];
/** So many runs are measured from each mark on: what happens every few runs is in some of them. */
const RUNS_PER_MARK = 5;
const MESSAGES_PER_RUN = 20;
const LONG = 3;
const FOLDER = workFolder("growth");

/** In the order of the table. */
export const GROWTH_GROUPS: readonly GrowthGroup[] = [
  { name: "runs", measure: measureRuns },
  {
    name: "dates",
    measure: (runs) =>
      inputs("dates", runs, [["12,775 trains of 7 dates", ["spread", 12_775, 2_500]], [
        "12,775 trains of 366 dates",
        ["spread", 12_775, 35],
      ]]),
  },
  {
    name: "versions",
    measure: (runs) =>
      inputs("versions", runs, [["9,500 trains of 5 dates", ["spread", 9_500, 2_500]], [
        "one date, 950 trains in 10 versions",
        ["versions", 950, 10],
      ]]),
  },
  { name: "partitions", measure: measurePartitions },
  { name: "Kafka", whyNot: whyNoKafka, measure: measureKafka },
];

/** Runs on one set of tables; those between the marks are quick ones. */
async function* measureRuns(): AsyncGenerator<GrowthFigures> {
  await copyFolder(null, FOLDER);
  const program = await scriptProgram("process", FOLDER);
  let next = 0;
  for (const mark of MARKS) {
    if (mark > next) await rounds(next, mark - 1);
    const measured: Measurement[] = [];
    for (next = mark; next < mark + RUNS_PER_MARK; next++) {
      await rounds(next, next, "--publish-only");
      measured.push(await measureProgram(program));
    }
    const name = `run ${mark.toLocaleString("en")} of 20 trains`;
    yield await figures({ group: "runs", name, work: MESSAGES_PER_RUN }, summarizeRuns("", measured), FOLDER);
  }
}

async function rounds(first: number, last: number, ...mode: readonly string[]): Promise<void> {
  const flags = ["run", "--quiet", "--no-prompt", "-P=bench", "--v8-flags=--expose-gc"];
  const args = [...flags, "tests/bench/growth_work.ts", FOLDER, String(first), String(last), ...mode];
  await measureProgram({ command: Deno.execPath(), args });
}

async function* inputs(
  group: string,
  runs: number,
  lines: readonly (readonly [name: string, input: InputName])[],
): AsyncGenerator<GrowthFigures> {
  for (const [name, input] of lines) {
    const { sizeBytes } = await inputOf(input);
    const { ours } = await measureLine(
      { work: name, ours: await embedded(await brokerOf(input), FOLDER) },
      Math.min(runs, LONG),
    );
    yield await figures({ group, name, work: sizeBytes }, ours, FOLDER);
  }
}

/** The same messages, one partition and three in turn. */
async function* measurePartitions(runs: number): AsyncGenerator<GrowthFigures> {
  const input: InputName = ["copies", 12_780];
  const [one, three] = [workFolder("one"), workFolder("three")];
  const { ours, peer } = await measureLine({
    work: "12,780 trains",
    ours: await embedded(await brokerOf(input, 1), one),
    peer: await embedded(await brokerOf(input, 3), three),
  }, Math.min(runs, LONG));
  const line = { group: "partitions", work: 12_780 };
  yield await figures({ ...line, name: "12,780 trains in 1 partition" }, ours, one);
  if (peer !== null) yield await figures({ ...line, name: "12,780 trains in 3 partitions" }, peer, three);
}

/** The same messages in the embedded broker and in Kafka, in turn. */
async function* measureKafka(runs: number): AsyncGenerator<GrowthFigures> {
  await using server = await startKafka();
  for (const trains of [639, 12_780]) {
    const input: InputName = ["copies", trains];
    const [embeddedFolder, kafkaFolder] = [workFolder("embedded"), workFolder("kafka")];
    const env = { KAFKA_BROKER: server.address, KAFKA_TOPIC: `bench-${trains}` };
    const { path } = await inputOf(input);
    await copyFolder(null, kafkaFolder);
    await runScript("replay", kafkaFolder, { args: ["--fetched-at", FETCHED_AT, path], env });
    const program = await scriptProgram("process", kafkaFolder, { env });
    const { ours, peer } = await measureLine({
      work: `${trains} trains`,
      ours: { label: "kafka", program, work: { folder: kafkaFolder, from: null } },
      peer: await embedded(await brokerOf(input), embeddedFolder),
    }, trains > 1000 ? Math.min(runs, LONG) : runs);
    const count = trains.toLocaleString("en");
    const line = { group: `Kafka, ${count}`, work: trains };
    if (peer !== null) {
      yield await figures({ ...line, name: `${count} trains, embedded` }, peer, embeddedFolder);
    }
    yield await figures({ ...line, name: `${count} trains, Apache Kafka` }, ours, kafkaFolder);
  }
}

async function embedded(from: string, folder: string): Promise<Side> {
  return { label: "embedded", program: await scriptProgram("process", folder), work: { folder, from } };
}

async function figures(
  line: Pick<GrowthFigures, "group" | "name" | "work">,
  { bestSeconds, medianSeconds, bestCpuSeconds, peakBytes }: Runs,
  folder: string,
): Promise<GrowthFigures> {
  const files = await countFiles(folder);
  return { ...line, bestSeconds, medianSeconds, bestCpuSeconds, peakBytes, files };
}

async function countFiles(folder: string): Promise<number> {
  const counts = Object.values(TABLE_PATHS).map(async (path) => {
    const table = await openTable(new LocalStore(`${folder}/${path}`), {
      clock: () => 0,
      ids: () => "unused",
    });
    return table.snapshot.files.size;
  });
  return (await Promise.all(counts)).reduce((sum, count) => sum + count, 0);
}
