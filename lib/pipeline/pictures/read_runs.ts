/** The runs of trains up to a date, for pictures. */
import {
  latestRun,
  PICTURED_RUN_COLUMNS,
  type PicturedRun,
  picturedRuns,
  PUNCTUALITY_COLUMNS,
} from "../../answers/pictures/run_rows.ts";
import type { TrainName } from "../../answers/train/train_history.ts";
import type { Chart } from "../../charts/chart.ts";
import { lastRuns } from "../../charts/last_runs.ts";
import type { Add, DeltaTable } from "../../delta/mod.ts";
import { mapAtOnce } from "../../standard/map_at_once.ts";
import { TRAIN_KINDS } from "../../tables/rows/train_kinds.ts";
import { boundedFiles, dateOf, readFileColumns } from "../answers/read_analysis.ts";

/** Which runs. */
interface RunsOptions {
  /** The newest departure date, and how many of them. */
  readonly until: string;
  readonly dates: number;
}

const FILES_AT_ONCE = 8;
const RUNS_SHOWN = 10;

/** All trains of the dates. */
export async function readRuns(
  table: DeltaTable,
  { until, dates }: RunsOptions,
): Promise<readonly PicturedRun[]> {
  const files = filesUntil([...table.snapshot.files.values()], until);
  const wanted = new Set([...new Set(files.map(dateOf))].slice(0, dates));
  const found = await mapAtOnce(
    files.filter((add) => wanted.has(dateOf(add))),
    FILES_AT_ONCE,
    (add) => runsIn(table, add, PUNCTUALITY_COLUMNS),
  );
  return found.flat();
}

/** Whose runs are drawn when nobody asks for a train. */
export function latestTrain(runs: readonly PicturedRun[]): TrainName | null {
  const latest = latestRun(runs);
  return latest === null ? null : { type: null, number: latest.number };
}

/** Whose runs, and up to which date. */
interface TrainOptions {
  readonly name: TrainName | null;
  readonly until: string;
  readonly nameOf: (station: string) => string;
}

/** The last runs of one train, as a picture; a type that was named and is another's finds none. */
export async function runsChart(table: DeltaTable, { name, until, nameOf }: TrainOptions): Promise<Chart> {
  const runs: PicturedRun[] = [];
  const number = name?.number ?? 0;
  for (const add of filesUntil(boundedFiles(table, "trainNumber", [number, number]), until)) {
    if (runs.length >= RUNS_SHOWN) break;
    for (const run of await runsIn(table, add, PICTURED_RUN_COLUMNS)) {
      if (run.number === number && isCalled(run, name)) runs.push(run);
    }
  }
  const [newest] = runs;
  const named = runs.slice(0, RUNS_SHOWN).map((run) => ({
    ...run,
    destination: nameOf(run.destination),
    worstStation: nameOf(run.worstStation),
  }));
  return lastRuns(named, {
    id: "runs",
    train: newest?.name ?? (name === null ? null : `${name.type ?? "train"} ${number}`),
    limitSeconds: TRAIN_KINDS[newest?.kind ?? "longDistance"].limitSeconds,
  });
}

function isCalled({ name }: PicturedRun, asked: TrainName | null): boolean {
  const type = asked?.type ?? null;
  return type === null || name.toLowerCase().startsWith(`${type.toLowerCase()} `);
}

/** Of these dates and before, the newest first. */
function filesUntil(files: readonly Add[], until: string): readonly Add[] {
  const dated = files.filter((add) => (dateOf(add) ?? "9") <= until);
  return dated.sort((a, b) => {
    const mine = dateOf(a) ?? "", other = dateOf(b) ?? "";
    return mine === other ? (a.path < b.path ? -1 : 1) : mine < other ? 1 : -1;
  });
}

async function runsIn(
  table: DeltaTable,
  add: Add,
  columns: readonly string[],
): Promise<readonly PicturedRun[]> {
  return picturedRuns(dateOf(add) ?? "", await readFileColumns(table, add, columns));
}
