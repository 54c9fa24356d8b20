/** What a line of the benchmark is: a name, an aim, and how to prepare its programs. */

import type { PreparedLine } from "./measure_line.ts";

/** One line of the table. */
export interface BenchLine {
  /** At most {@linkcode NAME_WIDTH} characters. */
  readonly name: string;
  readonly kind: "pipeline" | "delta";
  /** Measured by `--quick` too, or by `--full` alone; else by all but `--quick`. */
  readonly in?: "quick" | "full";
  /** For lines that take long. */
  readonly mostRuns?: number;
  readonly aim?: Aim;
  /** What the peer's program is where it does not do the line's work. */
  readonly mark?: string;
  /** Without the peer nothing of it is made. */
  readonly prepare: (options: { readonly withPeer: boolean }) => Promise<PreparedLine>;
}

/** What a line is to reach. */
export interface Aim {
  readonly seconds: number;
  readonly peakBytes?: number;
  /** The seconds are of CPU. */
  readonly isCpu?: boolean;
}

/** Widest name, so that the table fits a terminal of 80 columns. */
export const NAME_WIDTH = 24;
