/** Tables in memory, with hooks for tests of races and failures. */
import { KIND } from "../argument_kinds.ts";
import { checkArguments } from "../check_arguments.ts";
import { NotFoundError } from "../errors.ts";
import { assertByteRange, type ByteRange } from "./byte_range.ts";
import { completeContext } from "../host_context.ts";
import type { ListOptions, Store, StoreEntry, StoreGuarantees } from "./store.ts";
import { assertStorePath, assertStorePrefix, compareText } from "./store_path.ts";

/** What a test may do to a {@linkcode MemoryStore}. */
export interface MemoryStoreOptions {
  readonly label?: string;
  /** Milliseconds since 1970 UTC, for the modification times; by default the clock of this computer. */
  readonly clock?: () => number;
  /**
   * Runs before each write takes effect. It may write to the store itself (then the caller loses the race), throw
   * (then the write fails and leaves nothing), or wait.
   */
  readonly beforePut?: (path: string, store: MemoryStore) => void | Promise<void>;
}

interface MemoryFile {
  readonly bytes: Uint8Array;
  readonly modifiedMs: number;
}

/** A store in memory, for tests and small experiments; several tables may share one. */
export class MemoryStore implements Store {
  readonly label: string;
  /** All but durability. */
  readonly guarantees: StoreGuarantees = {
    atomicPutIfAbsent: true,
    consistentListing: true,
    durable: false,
    failedPutLeavesNothing: true,
  };
  readonly #files = new Map<string, MemoryFile>();
  readonly #clock: () => number;
  readonly #beforePut: MemoryStoreOptions["beforePut"];
  #insideHook = false;

  /** Empty. */
  constructor(options: MemoryStoreOptions = {}) {
    checkArguments("MemoryStore", { options }, { options: KIND.memoryOptions });
    const { label = "memory", beforePut } = options;
    this.label = label;
    this.#clock = completeContext(options).clock;
    this.#beforePut = beforePut;
  }

  async read(path: string, range?: ByteRange): Promise<Uint8Array> {
    assertStorePath(path);
    if (range !== undefined) assertByteRange(range);
    await Promise.resolve();
    const file = this.#files.get(path);
    if (file === undefined) throw new NotFoundError(path, this.label);
    const { offset = 0, length = file.bytes.length } = range ?? {};
    return file.bytes.slice(offset, offset + length);
  }

  async putIfAbsent(path: string, bytes: Uint8Array): Promise<boolean> {
    assertStorePath(path);
    const copy = new Uint8Array(bytes);
    await this.#runHook(path);
    if (this.#files.has(path)) return false;
    this.#files.set(path, { bytes: copy, modifiedMs: this.#clock() });
    return true;
  }

  async put(path: string, bytes: Uint8Array): Promise<void> {
    assertStorePath(path);
    const copy = new Uint8Array(bytes);
    await this.#runHook(path);
    this.#files.set(path, { bytes: copy, modifiedMs: this.#clock() });
  }

  async list(prefix: string, { startAfter = "" }: ListOptions = {}): Promise<readonly StoreEntry[]> {
    assertStorePrefix(prefix);
    await Promise.resolve();
    return [...this.#files]
      .filter(([path]) => path.startsWith(prefix) && path > startAfter)
      .map(([path, { bytes, modifiedMs }]) => ({ path, sizeBytes: bytes.length, modifiedMs }))
      .sort((left, right) => compareText(left.path, right.path));
  }

  async remove(path: string): Promise<void> {
    assertStorePath(path);
    await Promise.resolve();
    this.#files.delete(path);
  }

  // The hook's own writes must not call the hook again.
  async #runHook(path: string): Promise<void> {
    if (this.#beforePut === undefined || this.#insideHook) return;
    this.#insideHook = true;
    try {
      await this.#beforePut(path, this);
    } finally {
      this.#insideHook = false;
    }
  }
}
