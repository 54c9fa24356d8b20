/**
 * The removed files of a snapshot, put together when somebody asks. A table that is written to ten times a second has
 * ten thousands of them, which no commit needs: a copy for each would cost more than the commit.
 */
import type { Remove } from "../actions/actions.ts";

/** What a commit did to the removed files, in order: a file was removed, or (null) is there again. */
export type TombstoneChange = readonly [key: string, remove: Remove | null];

/** Snapshots in a row are put together at the latest after so many: what they hold on to is bounded. */
const LONGEST_CHAIN = 256;

/** The removed files of one snapshot, as the changes since another. Never changes, as far as others can see. */
export class Tombstones {
  #map: ReadonlyMap<string, Remove> | undefined;
  #base: Tombstones | undefined;
  #changes: readonly TombstoneChange[] = [];
  #read: (() => ReadonlyMap<string, Remove>) | undefined;
  readonly #length: number;

  /** Of files that are known. */
  static of(map: ReadonlyMap<string, Remove>): Tombstones {
    const tombstones = new Tombstones(0);
    tombstones.#map = map;
    return tombstones;
  }

  /** Of files that are put together when somebody asks. */
  static later(read: () => ReadonlyMap<string, Remove>): Tombstones {
    const tombstones = new Tombstones(0);
    tombstones.#read = read;
    return tombstones;
  }

  private constructor(length: number) {
    this.#length = length;
  }

  /** Whether it is known that there are none. */
  get isEmpty(): boolean {
    return this.#map?.size === 0;
  }

  /** Those after some changes. */
  after(changes: readonly TombstoneChange[]): Tombstones {
    if (changes.length === 0) return this;
    const next = new Tombstones(this.#map === undefined ? this.#length + 1 : 1);
    next.#base = this;
    next.#changes = changes;
    if (next.#length >= LONGEST_CHAIN) next.map();
    return next;
  }

  /** All of them, by the key of their path. */
  map(): ReadonlyMap<string, Remove> {
    if (this.#map !== undefined) return this.#map;
    const chain: Tombstones[] = [];
    // deno-lint-ignore no-this-alias -- the chain begins here
    let base: Tombstones = this;
    while (base.#map === undefined && base.#base !== undefined) {
      chain.push(base);
      base = base.#base;
    }
    const map = new Map(base.#map ?? base.#read?.());
    for (const { changes } of chain.reverse().map((each) => ({ changes: each.#changes }))) {
      for (const [key, remove] of changes) {
        if (remove === null) map.delete(key);
        else map.set(key, remove);
      }
    }
    this.#map = map;
    this.#base = undefined;
    this.#read = undefined;
    this.#changes = [];
    return map;
  }
}
