/** What is done beside the batches, one thing at a time. */

/** Belongs to one session of a follower. */
export class Aside {
  readonly #onFailure: (what: string, error: unknown) => void;
  #running: Promise<void> | undefined;

  /** What fails beside the batches does not end them: it is said, and due again later. */
  constructor(onFailure: (what: string, error: unknown) => void) {
    this.#onFailure = onFailure;
  }

  get isBusy(): boolean {
    return this.#running !== undefined;
  }

  /** Begins it; nothing else may be under way. */
  begin(what: string, work: () => Promise<void>): void {
    this.#running = this.#run(what, work);
  }

  /** Waits for what is under way. */
  async finish(): Promise<void> {
    await this.#running;
  }

  async #run(what: string, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.#onFailure(what, error);
    } finally {
      this.#running = undefined;
    }
  }
}
