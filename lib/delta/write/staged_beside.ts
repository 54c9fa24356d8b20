/** Writes frames as data files beside other work, a few at a time. */
import type { Add } from "../actions/actions.ts";
import type { Frame } from "../schema/polars_type.ts";
import type { FileTarget } from "./new_data_file.ts";
import { removeStaged, stageFrames } from "./stage_frames.ts";

/** So many frames are held at most while they are written: some are compressed, others wait for the disk. */
const AT_ONCE = 4;
/** A value takes about so much, text included. */
const VALUE_BYTES = 16;
/** Frames are held together up to about so many bytes; a larger one is written alone, and nothing is read beside it. */
const MAX_BYTES = 2 ** 26;

/** Frames on their way to the disk; to be ended by `finish` or by `discard`. */
export class StagedBeside {
  readonly #target: FileTarget;
  readonly #all: Promise<readonly Add[]>[] = [];
  readonly #running = new Set<Promise<unknown>>();
  #heldBytes = 0;

  /** Writes to this table. */
  constructor(target: FileTarget) {
    this.#target = target;
  }

  /**
   * Starts to write a frame, as soon as there is room for it.
   *
   * @throws what kept one of those before it from being written
   */
  async add(frame: Frame): Promise<void> {
    const bytes = frame.height * frame.width * VALUE_BYTES;
    while (this.#running.size > 0 && !this.#hasRoom(bytes)) await Promise.race(this.#running);
    const staging = stageFrames(frame, this.#target, { isBeside: true });
    this.#all.push(staging);
    this.#heldBytes += bytes;
    const running = staging.finally(() => {
      this.#running.delete(running);
      this.#heldBytes -= bytes;
    });
    running.catch(() => {});
    this.#running.add(running);
    if (bytes > MAX_BYTES) await running;
  }

  #hasRoom(bytes: number): boolean {
    return this.#running.size < AT_ONCE && this.#heldBytes + bytes <= MAX_BYTES;
  }

  /** The files of all frames, in the order of these. */
  async finish(): Promise<readonly Add[]> {
    return (await Promise.all(this.#all)).flat();
  }

  /** Removes what was written, when the rest is. */
  async discard(): Promise<void> {
    const ends = await Promise.allSettled(this.#all);
    await removeStaged(ends.flatMap((end) => end.status === "fulfilled" ? end.value : []), this.#target);
  }
}
