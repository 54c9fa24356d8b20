/** What the live page says of the quality: the newest run, by today's limits, and the newest rejections. */
import type { DeltaTable } from "../../delta/mod.ts";
import { listRejections } from "../../landing/list_rejections.ts";
import type { LiveQuality, LiveRejection } from "../../live/live_view.ts";
import { printable } from "../../printable.ts";
import { evaluateRuns, RUNS_BEFORE } from "../../quality/results/past_runs.ts";
import { readRuns } from "../../quality/results/run_history.ts";
import { TABLE_PATHS } from "../../tables/table_paths.ts";
import type { AnswerSource } from "../answers/read_analysis.ts";
import { type PolicySource, readLimits } from "../report/read_limits.ts";
import { FollowedTable } from "./followed_table.ts";

/** What is said of rejected messages. */
export interface LiveRejections {
  readonly rejected: number;
  readonly rejections: readonly LiveRejection[];
}

/** What was read of a table at a version. */
interface Read<Found> {
  readonly table: DeltaTable;
  readonly version: number;
  readonly found: Found;
}

const REJECTIONS_SHOWN = 8;
const MESSAGE_CHARACTERS = 200;

/** Follows the runs and the quarantine; what has not moved on is not read again. */
export class FollowedQuality {
  readonly #runs: FollowedTable;
  readonly #quarantine: FollowedTable;
  readonly #policyFile: PolicySource | undefined;
  #quality: Read<LiveQuality | null> | null = null;
  #rejected: Read<LiveRejections> | null = null;

  constructor(source: AnswerSource, policyFile: PolicySource | undefined) {
    this.#runs = new FollowedTable(source, TABLE_PATHS.runs);
    this.#quarantine = new FollowedTable(source, TABLE_PATHS.quarantine);
    this.#policyFile = policyFile;
  }

  async quality(): Promise<LiveQuality | null> {
    const table = await this.#runs.look();
    if (table === null) return null;
    const { version } = table.snapshot;
    if (this.#quality?.table !== table || this.#quality.version !== version) {
      const policy = (await readLimits(this.#policyFile))?.policy ?? new Map();
      const [newest] = evaluateRuns(await readRuns(table, 1 + RUNS_BEFORE), { shown: 1, policy });
      const found = newest === undefined ? null : {
        generatedAtMs: newest.run.generatedAt.getTime(),
        passed: newest.verdict.passed,
        scores: newest.verdict.scores.map(({ dimension, score }) => ({ dimension, score })),
      };
      this.#quality = { table, version, found };
    }
    return this.#quality?.found ?? null;
  }

  async rejections(): Promise<LiveRejections> {
    const table = await this.#quarantine.look();
    if (table === null) return { rejected: 0, rejections: [] };
    const { version, files } = table.snapshot;
    if (this.#rejected?.table !== table || this.#rejected.version !== version) {
      let rejected = 0;
      for (const add of files.values()) rejected += await table.countRows(add);
      const newest = rejected === 0 ? [] : await listRejections(table, { limit: REJECTIONS_SHOWN });
      const rejections = newest.map(({ timestampMs: atMs, reasonCode, message, partition, offset }) => ({
        ...{
          atMs,
          reason: reasonCode,
          message: printable(message).slice(0, MESSAGE_CHARACTERS).toWellFormed(),
        },
        place: `partition ${partition}, offset ${offset}`,
      }));
      this.#rejected = { table, version, found: { rejected, rejections } };
    }
    return this.#rejected?.found ?? { rejected: 0, rejections: [] };
  }
}
