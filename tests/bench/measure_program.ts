/** Times a whole process: wall and CPU seconds, and its peak memory. */

/** What to run. */
export interface Program {
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** One run of a program. */
export interface Measurement {
  /** From the start of the process to its end. */
  readonly seconds: number;
  /** Of all its threads, user and system. */
  readonly cpuSeconds: number;
  /** Most memory that was resident at once, as the kernel counts it; null without GNU time. */
  readonly peakBytes: number | null;
  readonly stdout: string;
}

const ROOT = new URL("../../", import.meta.url).pathname;
/**
 * The kernel's figure of the largest memory outlives exec: a child of this process would be given this one's. GNU time
 * is a parent of 2 MB. Bash tells milliseconds of CPU, where GNU time has hundredths.
 */
const GNU_TIME = "/usr/bin/time";
const TIMED = `TIMEFORMAT='%3R %3U %3S'; { time "$@" 2>&3; } 3>&2 2>"$0.time"`;

/** Runs a program in the repository's root; its exit code must be one of `expected`. */
export async function measureProgram(
  { command, args, env = {} }: Program,
  expected: readonly number[] = [0],
): Promise<Measurement> {
  const file = await Deno.makeTempFile({ prefix: "ratalake-bench-" });
  const gnuTime = await isThere(GNU_TIME) ? [GNU_TIME, "--quiet", "--format=%M", `--output=${file}`] : [];
  const { code, stdout, stderr } = await new Deno.Command("bash", {
    args: ["-c", TIMED, file, ...gnuTime, command, ...args],
    env: { NO_COLOR: "1", KAFKA_BROKER: "", KAFKA_TOPIC: "", ...env },
    cwd: ROOT,
    stdin: "null",
  }).output();
  const [kilobytes, times] = await Promise.all([take(file), take(`${file}.time`)]);
  const text = new TextDecoder();
  if (!expected.includes(code)) {
    throw new Error(
      `Cannot measure "${[command, ...args].join(" ")}": it ended with ${code}: ` +
        text.decode(stderr).slice(-2000),
    );
  }
  const peakBytes = kilobytes === "" ? null : Number(kilobytes) * 1024;
  return { ...readTimes(times), peakBytes, stdout: text.decode(stdout) };
}

/** Reads what bash has printed: wall, user and system seconds. */
export function readTimes(text: string): Pick<Measurement, "seconds" | "cpuSeconds"> {
  const [seconds = NaN, user = NaN, system = NaN] = text.trim().split(/\s+/).slice(-3)
    // In some languages a decimal comma.
    .map((word) => Number(word.replace(",", ".")));
  return { seconds, cpuSeconds: user + system };
}

async function take(file: string): Promise<string> {
  const text = await Deno.readTextFile(file);
  await Deno.remove(file);
  return text.trim();
}

async function isThere(path: string): Promise<boolean> {
  try {
    return (await Deno.stat(path)).isFile;
  } catch (cause) {
    if (cause instanceof Deno.errors.NotFound) return false;
    throw cause;
  }
}
