/** A process of a soak that is started again whenever it was killed. */
import type { SoakPlaces } from "./soak_places.ts";

/** One of them. */
export class SoakProcess {
  readonly #name: string;
  readonly #places: SoakPlaces;
  readonly #died = Promise.withResolvers<never>();
  #child: Deno.ChildProcess;
  #isEnding = false;

  constructor(name: string, places: SoakPlaces) {
    this.#name = name;
    this.#places = places;
    this.#child = this.#start();
    this.#died.promise.catch(() => {});
  }

  /** Rejects when it ends without being asked to. */
  get died(): Promise<never> {
    return this.#died.promise;
  }

  /** Kills it at whatever it is doing, and starts it again. */
  async kill(): Promise<void> {
    if (this.#isEnding) return;
    const child = this.#child;
    child.kill("SIGKILL");
    await child.status;
    if (!this.#isEnding) this.#child = this.#start();
  }

  /** Asks it to end, and waits until it has; rejects when it could not do what it does at its end. */
  async end(): Promise<void> {
    this.#isEnding = true;
    try {
      this.#child.kill("SIGTERM");
    } catch (error) {
      // It has ended already.
      if (!(error instanceof TypeError)) throw error;
    }
    const { code, signal } = await this.#child.status;
    if (code !== 0 && signal !== "SIGKILL") throw this.#deathOf(code);
  }

  #start(): Deno.ChildProcess {
    const path = new URL(`${this.#name}.ts`, import.meta.url).pathname;
    const args = ["run", "--quiet", "--no-prompt", "-P=bench", "--v8-flags=--expose-gc", path];
    const child = new Deno.Command(Deno.execPath(), {
      args: [...args, JSON.stringify(this.#places)],
      ...{ stdin: "null", stdout: "null", stderr: "inherit" },
    }).spawn();
    child.status.then(({ code, signal }) => {
      if (this.#isEnding || signal === "SIGKILL") return;
      this.#died.reject(this.#deathOf(code));
    });
    return child;
  }

  #deathOf(code: number): Error {
    return new Error(
      `Cannot soak: ${this.#name} ended with exit code ${code}, expected to live until it is asked to end`,
    );
  }
}
