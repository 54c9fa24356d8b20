/** What one run has at hand for the analysis tables, and what it does for them while it waits for its next batch. */
import { SeenTracks } from "../../analysis/seen_tracks.ts";
import { Sightings } from "../../analysis/sightings.ts";
import type { FileFacts } from "../../analysis/file_facts.ts";
import type { OffsetRange } from "../../tables/topic_table.ts";
import type { ValidatedChunk } from "../../validate/validate_chunk.ts";

/** Trains, and the rows that they are in. */
type SeenChunk = Pick<ValidatedChunk, "spans" | "rows">;

/** Belongs to one run, and ends with it. */
export class AnalysisWork implements AsyncDisposable {
  /**
   * Whether what is worked out of rows at hand is kept for the tables. Not where the same dates are written again and
   * again before the tables are brought forward: then it would be worked out in vain.
   */
  readonly keepsFacts: boolean;
  /** What messages of the run have told, and is not in the tables yet. */
  readonly sightings = new Sightings();
  readonly tracks = new SeenTracks();
  #ranges: OffsetRange[] = [];
  readonly #releases = new Set<bigint>();
  #facts: Promise<FileFacts> | undefined;
  #aside: Promise<void> | undefined;

  constructor({ keepsFacts = true }: { readonly keepsFacts?: boolean } = {}) {
    this.keepsFacts = keepsFacts;
  }

  /** What was worked out of rows at hand: made when it is first asked for, and once. */
  facts(): Promise<FileFacts> {
    return this.#facts ??= import("../../analysis/file_facts.ts").then(({ FileFacts }) => new FileFacts());
  }

  /** Offsets whose messages the run has looked at. */
  get ranges(): readonly OffsetRange[] {
    return this.#ranges;
  }

  /** Numbers of the releases of quarantine that the run has looked at. */
  get releases(): ReadonlySet<bigint> {
    return this.#releases;
  }

  /** Takes what the messages of these offsets tell. */
  see(chunks: readonly SeenChunk[], ranges: readonly OffsetRange[]): void {
    this.#take(chunks);
    for (const range of ranges) this.#noteRange(range);
  }

  /** Takes what messages tell that have left quarantine. */
  seeReleased(chunks: readonly SeenChunk[], release: bigint): void {
    this.#take(chunks);
    this.#releases.add(release);
  }

  /** Whether something is done beside the batches. */
  get isBusy(): boolean {
    return this.#aside !== undefined;
  }

  /** Begins something to be done beside the batches; its failure waits for `finish`. */
  begin(work: () => Promise<void>): void {
    const aside = work().then(() => {
      if (this.#aside === aside) this.#aside = undefined;
    });
    this.#aside = aside;
    aside.catch(() => {});
  }

  /**
   * Waits for what was begun.
   *
   * @throws what made it fail
   */
  async finish(): Promise<void> {
    const aside = this.#aside;
    this.#aside = undefined;
    await aside;
  }

  /** Forgets what was seen, after a failure: nobody knows what of it is in the tables. Landing has it all. */
  startOver(): void {
    this.sightings.take();
    this.tracks.take();
    this.#ranges = [];
    this.#releases.clear();
  }

  #take(chunks: readonly SeenChunk[]): void {
    for (const { spans, rows } of chunks) {
      this.sightings.add(spans);
      this.tracks.add(spans, rows);
    }
  }

  /** Batches follow each other: what a follower has seen in weeks is one range per partition. */
  #noteRange(range: OffsetRange): void {
    const { partition, from, to } = range;
    const at = this.#ranges.findIndex((each) => each.partition === partition && each.to === from);
    const before = this.#ranges[at];
    if (before === undefined) this.#ranges.push(range);
    else this.#ranges[at] = { ...before, to };
  }

  /** A run that failed has told why; what is missing in the tables is outdated still. */
  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.allSettled([this.finish()]);
  }
}
