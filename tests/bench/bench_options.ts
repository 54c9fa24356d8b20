/** The command line of the benchmark. */

import { parseArgs } from "@std/cli";

/** What is asked for. */
export interface BenchRequest {
  /** Print the tables of the README out of results instead of measuring. */
  readonly markdown: boolean;
  /** Measure how cost grows, instead of the lines. */
  readonly growth: boolean;
  readonly set: "quick" | "usual" | "full";
  readonly profile: boolean;
  readonly withPeer: boolean;
  readonly runs: number;
  /** Lines whose names contain it. */
  readonly only: string;
  /** Files of results, for `markdown`. */
  readonly files: readonly string[];
}

const SWITCHES = ["help", "quick", "full", "growth", "profile", "markdown", "peer"] as const;
const VALUED = ["runs", "only"] as const;
const DEFAULT_RUNS = { quick: 3, usual: 5, full: 5 } as const;

/** What `--help` prints. */
export const USAGE =
  `Measures whole processes and the Delta library beside python polars and delta-rs, in turn.

  deno task bench [--quick | --full] [--only TEXT] [--runs N] [--no-peer] [--profile]
  deno task bench --growth [--only TEXT]
  deno task bench --markdown [FILE...]

  --quick     small lines in less than a minute; the first time it makes their inputs
  --full      63,900 trains as well (10 GB of disk, many minutes)
  --only      the lines whose names contain the text
  --runs      runs of each program per line, from 1 to 100 (default ${DEFAULT_RUNS.usual}, --quick ${DEFAULT_RUNS.quick});
              lines that take long have 2 or 3 at most
  --no-peer   leave out python polars and deltalake
  --profile   one more run of each script under V8's CPU profiler
  --growth    how cost grows with runs, dates, versions, partitions, and with Kafka instead of the embedded broker
  --markdown  the README's tables, of the newest results or of these files
  --help      this text

Needs bash; GNU time for memory; Python with polars and deltalake for the peer (see tests/bench/README.md); Java and
Maven for Kafka. Inputs are kept in data_files/bench/cache, results in data_files/bench/results.
Exit codes: 0 done, 1 failed, 2 usage.`;

/** Reads the command line; null when help is wanted, all faults when there are some. */
export function readRequest(
  args: readonly string[],
): BenchRequest | null | { readonly faults: readonly string[] } {
  const faults: string[] = [];
  const flags = parseArgs([...args], {
    boolean: SWITCHES,
    negatable: ["peer"],
    string: [...VALUED, "_"],
    default: { peer: true },
    unknown: (arg: string) => {
      if (arg.startsWith("-")) faults.push(unknownFlag(arg));
      return !arg.startsWith("-");
    },
  });
  if (flags.help === true) return null;
  const set = flags.full === true ? "full" : flags.quick === true ? "quick" : "usual";
  const runs = String(flags.runs ?? DEFAULT_RUNS[set]);
  const request: BenchRequest = {
    markdown: flags.markdown === true,
    growth: flags.growth === true,
    ...{ set, profile: flags.profile === true, withPeer: flags.peer === true, runs: Number(runs) },
    only: String(flags.only ?? ""),
    files: flags._.map(String),
  };
  faults.push(...faultsOf(request, { runs, args }));
  return faults.length > 0 ? { faults } : request;
}

function faultsOf(
  { markdown, growth, set, files }: BenchRequest,
  { runs, args }: { readonly runs: string; readonly args: readonly string[] },
): readonly string[] {
  const both = args.includes("--quick") && args.includes("--full");
  return [
    ...(/^(?:[1-9]\d?|100)$/.test(runs)
      ? []
      : [`Cannot use --runs "${runs}": expected a whole number from 1 to 100`]),
    ...(args.includes("--only") && args.at(-1) === "--only"
      ? ["Cannot use --only: found no text, expected a part of a line's name"]
      : []),
    ...(both ? ["Cannot use --quick and --full: expected one of the two"] : []),
    ...(growth && set !== "usual" ? [`Cannot use --growth and --${set}: expected one of the two`] : []),
    ...(growth && markdown ? ["Cannot use --growth and --markdown: expected one of the two"] : []),
    ...(files.length > 0 && !markdown
      ? [`Cannot use "${files[0]}": found a name, expected flags alone (names go with --markdown)`]
      : []),
  ];
}

function unknownFlag(arg: string): string {
  const known = ["quick", "full", "only", "runs", "no-peer", "profile", "growth", "markdown", "help"];
  return `Cannot use "${arg}": no such flag, expected one of ${known.map((name) => `--${name}`).join(", ")}`;
}
