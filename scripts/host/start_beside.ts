/** Starts scripts side by side, each in a process of its own; their lines come out with the name of the script. Part of the host. */
import { createInterface } from "node:readline";
import { Readable } from "node:stream";
import type { ReadableStream as WebStream } from "node:stream/web";
import type { Start } from "../../lib/cli/rights/plan_start.ts";
import type { RunningProcess } from "../../lib/follow/supervise.ts";
import { spawnChild } from "../kernel/spawn_child.ts";
import { memoryEnvironment } from "./memory_environment.ts";
import { programToStart } from "./start_deno.ts";

/** A script as planned, and where its lines go. */
export interface BesideOptions {
  readonly start: Start;
  readonly write: (line: string) => void;
}

/** Starts it. It has no terminal, so it shows no live line. */
export function startBeside({ start: { command }, write }: BesideOptions): RunningProcess {
  const child = spawnChild(programToStart(), { args: command, env: memoryEnvironment(), isBeside: true });
  const lines = Promise.all([copyLines(child.stdout, write), copyLines(child.stderr, write)]);
  let isOver = false;
  const ended = async () => {
    const { code } = await child.status;
    isOver = true;
    await lines;
    return code;
  };
  // Who has ended cannot be asked to, though its last lines may still be on their way.
  return { ended: ended(), stop: () => isOver || child.kill("SIGTERM") };
}

async function copyLines(stream: ReadableStream<Uint8Array>, write: (line: string) => void): Promise<void> {
  const input = Readable.fromWeb(stream as unknown as WebStream<Uint8Array>);
  for await (const line of createInterface({ input, crlfDelay: Infinity })) write(line);
}
