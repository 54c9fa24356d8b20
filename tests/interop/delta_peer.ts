/** Other engines as processes that answer one question at a time: delta-rs (pip's deltalake) and Spark with Delta. */

const PEERS = new URL("./delta_peers/", import.meta.url).pathname;
const SPARK_CACHE = new URL("../../.cache/spark/", import.meta.url).pathname;
const PYTHONS = [
  Deno.env.get("RATALAKE_PYTHON"),
  new URL("../../.venv/bin/python", import.meta.url).pathname,
  "/root/venv/bin/python",
];

/** One engine. */
export interface DeltaPeer extends AsyncDisposable {
  /** Asks for one operation of the peer's Python file; throws what it throws. */
  ask(operation: string, args?: Readonly<Record<string, unknown>>): Promise<unknown>;
}

/** Why an engine cannot be asked here; undefined when it can. In CI it must be possible. */
export async function whyNoPeer(engine: "delta-rs" | "spark"): Promise<string | undefined> {
  const modules = engine === "delta-rs" ? "deltalake, pyarrow" : "pyspark";
  const reason = await findPython(modules) === undefined
    ? `no Python with ${modules}`
    : engine === "spark" && !await runs("java", ["-version"])
    ? "no java"
    : engine === "spark" && !await exists(`${SPARK_CACHE}jars`) && !await runs("mvn", ["-version"])
    ? "no mvn to fetch the Delta jars with"
    : undefined;
  if (reason !== undefined && Deno.env.get("CI") === "true") {
    throw new Error(`The tests with ${engine} are required in CI, but there is ${reason}`);
  }
  if (reason !== undefined) console.log(`the tests with ${engine} are skipped: there is ${reason}`);
  return reason;
}

/** Starts delta-rs. */
export async function startDeltaRs(): Promise<DeltaPeer> {
  return await PythonPeer.start("deltalake, pyarrow", [`${PEERS}delta_rs_peer.py`]);
}

/** Starts Spark; `folder` takes what it leaves behind. The first question takes some seconds longer. */
export async function startSpark(folder: string): Promise<DeltaPeer> {
  await fetchJars();
  return await PythonPeer.start("pyspark", [`${PEERS}spark_peer.py`, `${SPARK_CACHE}jars`, folder]);
}

class PythonPeer implements DeltaPeer {
  readonly #process: Deno.ChildProcess;
  readonly #requests: WritableStreamDefaultWriter<Uint8Array>;
  readonly #replies: AsyncIterator<string>;
  readonly #complaints: Promise<string>;

  static async start(modules: string, args: readonly string[]): Promise<PythonPeer> {
    const python = await findPython(modules);
    if (python === undefined) throw new Error(`Cannot start "${args[0]}": no Python with ${modules}`);
    const peer = new PythonPeer(python, args);
    await peer.#reply(args[0] ?? "");
    return peer;
  }

  constructor(python: string, args: readonly string[]) {
    this.#process = new Deno.Command(python, {
      args: [...args],
      env: { PYTHONUNBUFFERED: "1" },
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

async function fetchJars(): Promise<void> {
  if (await exists(`${SPARK_CACHE}jars`)) return;
  await Deno.mkdir(SPARK_CACHE, { recursive: true });
  const fresh = await Deno.makeTempDir({ dir: SPARK_CACHE, prefix: "jars-" });
  const goal = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies";
  const args = ["-q", "-B", "-f", `${PEERS}pom.xml`, goal, `-DoutputDirectory=${fresh}`];
  if (!await runs("mvn", args)) throw new Error("Cannot fetch the Delta jars: mvn failed, expected two jars");
  // Renamed when whole, so that half a download is never used.
  await Deno.rename(fresh, `${SPARK_CACHE}jars`);
}

async function findPython(modules: string): Promise<string | undefined> {
  for (const python of PYTHONS) {
    if (python !== undefined && await runs(python, ["-c", `import ${modules}`])) return python;
  }
  return undefined;
}

async function runs(command: string, args: readonly string[]): Promise<boolean> {
  try {
    const { success } = await new Deno.Command(command, {
      args: [...args],
      stdin: "null",
      stdout: "null",
      stderr: "null",
    }).output();
    return success;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    await Deno.stat(path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
