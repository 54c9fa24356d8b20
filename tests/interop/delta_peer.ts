/** Other engines as processes that answer one question at a time: delta-rs (pip's deltalake) and Spark with Delta. */

import { pythonPath } from "./python_venv.ts";
import { fetchSparkJars } from "./spark_jars.ts";

const PEERS = new URL("./delta_peers/", import.meta.url).pathname;

/** One engine. */
export interface DeltaPeer extends AsyncDisposable {
  /** Asks for one operation of the peer's Python file; throws what it throws. */
  ask(operation: string, args?: Readonly<Record<string, unknown>>): Promise<unknown>;
}

/** Starts delta-rs. */
export async function startDeltaRs(): Promise<DeltaPeer> {
  return await PythonPeer.start([`${PEERS}delta_rs_peer.py`]);
}

/** Starts Spark; `folder` takes what it leaves behind. The first question takes some seconds longer. */
export async function startSpark(folder: string): Promise<DeltaPeer> {
  return await PythonPeer.start([`${PEERS}spark_peer.py`, await fetchSparkJars(), folder]);
}

class PythonPeer implements DeltaPeer {
  readonly #process: Deno.ChildProcess;
  readonly #requests: WritableStreamDefaultWriter<Uint8Array>;
  readonly #replies: AsyncIterator<string>;
  readonly #complaints: Promise<string>;

  static async start(args: readonly string[]): Promise<PythonPeer> {
    const peer = new PythonPeer(args);
    await peer.#reply(args[0] ?? "");
    return peer;
  }

  constructor(args: readonly string[]) {
    this.#process = new Deno.Command(pythonPath(), {
      args: [...args],
      env: { PYTHONUNBUFFERED: "1", PYTHONDONTWRITEBYTECODE: "1" },
      stdin: "piped",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    this.#requests = this.#process.stdin.getWriter();
    this.#replies = readLines(this.#process.stdout);
    this.#complaints = new Response(this.#process.stderr).text();
  }

  async ask(operation: string, args: Readonly<Record<string, unknown>> = {}): Promise<unknown> {
    const request = JSON.stringify({ op: operation, args });
    await this.#requests.write(new TextEncoder().encode(`${request}\n`));
    return await this.#reply(request);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#requests.close();
    await this.#process.status;
    await this.#complaints;
  }

  async #reply(request: string): Promise<unknown> {
    const { value, done } = await this.#replies.next();
    if (done) {
      throw new Error(
        `The peer ended at ${request.slice(0, 500)}:\n${(await this.#complaints).slice(-2000)}`,
      );
    }
    const reply: { readonly ok?: unknown; readonly error?: string } = JSON.parse(value);
    if (reply.error !== undefined) {
      throw new Error(`The peer failed at ${request.slice(0, 500)}: ${reply.error}`);
    }
    return reply.ok;
  }
}

async function* readLines(bytes: ReadableStream<Uint8Array<ArrayBuffer>>): AsyncGenerator<string> {
  let rest = "";
  for await (const chunk of bytes.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + chunk).split("\n");
    rest = lines.pop() ?? "";
    yield* lines;
  }
}
