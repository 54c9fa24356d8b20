/** The simulator as a process of its own, for programs that ask it. */

import { RECORDING } from "../interop/shared_data.ts";
import { startScript } from "../e2e/script_process.ts";

/** A running simulator whose answer is always the same. */
export interface ServedTrains extends AsyncDisposable {
  /** As DIGITRAFFIC_URL takes it. */
  readonly url: string;
  /** How large its answer is, and how long it takes alone. */
  readonly answer: string;
}

/** Starts it, and waits until it serves; a world has so many trains of each date, and archives of past months. */
export async function serveTrains(trains: number, { isWorld = false } = {}): Promise<ServedTrains> {
  const still = ["--port", "0", "--trains", String(trains), "--at", RECORDING.fetchedAt, "--speed", "0"];
  const args = isWorld ? [...still, "--world"] : still;
  const child = await startScript("simulate", args, {});
  const stop = async () => {
    child.kill("SIGTERM");
    await Promise.all([child.status, child.stderr.cancel()]);
  };
  try {
    const url = await readUrl(child.stdout);
    return { url, answer: await askOnce(url, trains), [Symbol.asyncDispose]: stop };
  } catch (cause) {
    await stop();
    throw cause;
  }
}

async function readUrl(stdout: ReadableStream<Uint8Array<ArrayBuffer>>): Promise<string> {
  let said = "";
  for await (const text of stdout.pipeThrough(new TextDecoderStream())) {
    said += text;
    const [, url] = /DIGITRAFFIC_URL=(\S+)\n/.exec(said) ?? [];
    if (url !== undefined) return url;
  }
  throw new Error(`Cannot serve trains: the simulator ended after "${said}"`);
}

async function askOnce(url: string, trains: number): Promise<string> {
  const ask = async () => (await (await fetch(`${url}/live-trains`)).bytes()).length;
  // The first answer compiles the simulator.
  await ask();
  const started = performance.now();
  const sizeBytes = await ask();
  const seconds = (performance.now() - started) / 1000;
  return `${trains} trains, ${(sizeBytes / 1e6).toFixed(1)} MB, the answer alone ${seconds.toFixed(2)} s`;
}
