/** A store whose process dies at one of its operations: before it, or after it but before anybody hears of it. */
import type { ByteRange, ListOptions, Store, StoreEntry } from "../../lib/delta/mod.ts";

/** What the dead process says. */
export class Death extends Error {}

/** Where it dies: at the operation with this number, counted from 0. */
export interface Fate {
  readonly operation: number;
  readonly moment: "before" | "after";
}

/**
 * All that can become of so many operations. To die before one leaves what it leaves to die after the one before it, so
 * "before" is there once.
 */
export function fatesOf(operations: number): readonly Fate[] {
  const after = Array.from(
    { length: operations },
    (_, operation) => ({ operation, moment: "after" }) as const,
  );
  return [{ operation: 0, moment: "before" }, ...after];
}

/** Passes everything on until the fate strikes; from then on nothing gets through. */
export class DyingStore implements Store {
  readonly label = "dying";
  readonly guarantees: Store["guarantees"];
  readonly #inner: Store;
  readonly #fate: Fate | undefined;
  /** Only where the inner store has it. */
  readonly putWritten?: NonNullable<Store["putWritten"]>;
  /** How many operations were asked for. */
  operations = 0;

  constructor(inner: Store, fate?: Fate) {
    this.guarantees = inner.guarantees;
    this.#inner = inner;
    this.#fate = fate;
    const putWritten = inner.putWritten?.bind(inner);
    if (putWritten) this.putWritten = (path, write) => this.#live(() => putWritten(path, write));
  }

  read(path: string, range?: ByteRange): Promise<Uint8Array> {
    return this.#live(() => this.#inner.read(path, range));
  }

  putIfAbsent(path: string, bytes: Uint8Array): Promise<boolean> {
    return this.#live(() => this.#inner.putIfAbsent(path, bytes));
  }

  put(path: string, bytes: Uint8Array): Promise<void> {
    return this.#live(() => this.#inner.put(path, bytes));
  }

  list(prefix: string, options?: ListOptions): Promise<readonly StoreEntry[]> {
    return this.#live(() => this.#inner.list(prefix, options));
  }

  remove(path: string): Promise<void> {
    return this.#live(() => this.#inner.remove(path));
  }

  async #live<T>(act: () => Promise<T>): Promise<T> {
    const number = this.operations++;
    const { operation, moment } = this.#fate ?? { operation: Infinity, moment: "before" };
    if (number > operation || (number === operation && moment === "before")) throw new Death();
    const result = await act();
    if (number === operation) throw new Death();
    return result;
  }
}
