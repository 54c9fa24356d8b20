/** Times a whole process and notes its peak memory. */

/** What to run. */
export interface Program {
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** One run of a program. */
export interface Measurement {
  /** From before the start to after the end. */
  readonly seconds: number;
  /** Most memory that was resident at once, as the kernel counts it; null without GNU time. */
  readonly peakBytes: number | null;
  readonly stdout: string;
}

const ROOT = new URL("../../", import.meta.url).pathname;
/** Tells the kernel's own figure; Deno may not look into /proc without all rights. */
const GNU_TIME = "/usr/bin/time";

/** Runs a program in the repository's root; its exit code must be one of `expected`. */
export async function measureProgram(
  { command, args, env = {} }: Program,
  expected: readonly number[] = [0],
): Promise<Measurement> {
  const peakFile = await Deno.makeTempFile({ prefix: "ratalake-bench-" });
  const words = await isThere(GNU_TIME)
    ? [GNU_TIME, "--quiet", "--format=%M", `--output=${peakFile}`, command, ...args]
    : [command, ...args];
  const [first = command, ...rest] = words;
  const started = performance.now();
  const { code, stdout, stderr } = await new Deno.Command(first, {
    args: rest,
    env: { NO_COLOR: "1", KAFKA_BROKER: "", KAFKA_TOPIC: "", ...env },
    cwd: ROOT,
    stdin: "null",
  }).output();
  const seconds = (performance.now() - started) / 1000;
  const text = new TextDecoder();
  if (!expected.includes(code)) {
    throw new Error(
      `Cannot measure "${args.join(" ")}": it ended with ${code}: ${text.decode(stderr).slice(-2000)}`,
    );
  }
  return { seconds, peakBytes: await takePeak(peakFile), stdout: text.decode(stdout) };
}

async function takePeak(file: string): Promise<number | null> {
  const kilobytes = (await Deno.readTextFile(file)).trim();
  await Deno.remove(file);
  return kilobytes === "" ? null : Number(kilobytes) * 1024;
}

async function isThere(path: string): Promise<boolean> {
  try {
    return (await Deno.stat(path)).isFile;
  } catch (cause) {
    if (cause instanceof Deno.errors.NotFound) return false;
    throw cause;
  }
}
