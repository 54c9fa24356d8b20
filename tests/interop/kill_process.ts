/** Ends `process` in the middle, again and again, like a power cut. */

import { seededRandom } from "../delta/test_context.ts";
import type { PipelineFolder } from "./pipeline_folder.ts";

/** What to run and when to end it. */
export interface KillOptions {
  readonly args: readonly string[];
  readonly times: number;
  readonly seed: number;
  /** The end comes at a random moment up to this long after a batch is in. */
  readonly withinMs: number;
}

/** Starts `process` several times and kills it after a batch; returns how often it died before it was done. */
export async function killProcess(folder: PipelineFolder, options: KillOptions): Promise<number> {
  const random = seededRandom(options.seed);
  let killed = 0;
  for (let time = 0; time < options.times; time++) {
    const child = await folder.start("process", options.args);
    const printed = child.stdout.cancel();
    await untilSaid(child.stderr, "batch 1:");
    await new Promise((resolve) => setTimeout(resolve, random() * options.withinMs));
    end(child);
    if ((await child.status).signal === "SIGKILL") killed++;
    await printed;
  }
  return killed;
}

async function untilSaid(stream: ReadableStream<Uint8Array>, words: string): Promise<void> {
  let said = "";
  for await (const text of stream.pipeThrough(new TextDecoderStream())) {
    said += text;
    if (said.includes(words)) return;
  }
}

function end(child: Deno.ChildProcess): void {
  try {
    child.kill("SIGKILL");
  } catch (cause) {
    // It was faster.
    if (!(cause instanceof TypeError)) throw cause;
  }
}
