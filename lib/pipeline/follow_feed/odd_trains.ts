/** Remembers what cannot be known by its version, so that a follower does not publish it with each answer. */
import { createHash } from "node:crypto";
import type { IdentifiedTrain } from "./identified_trains.ts";

const MOST_REMEMBERED = 4096;

/** Elements that name no train, or have no version, by their bytes; the newest few thousand. */
export class OddTrains {
  readonly #seen = new Set<string>();

  /** True for trains with a version, and for other elements when they have not been published lately. */
  isNew(train: IdentifiedTrain): boolean {
    return hasVersion(train) || !this.#seen.has(digestOf(train));
  }

  /** Remembers what the broker has. */
  add(sent: readonly IdentifiedTrain[]): void {
    for (const train of sent) {
      if (hasVersion(train)) continue;
      this.#seen.add(digestOf(train));
      const [oldest] = this.#seen;
      if (this.#seen.size > MOST_REMEMBERED && oldest !== undefined) this.#seen.delete(oldest);
    }
  }

  /** Forgets all: the log is another one. */
  clear(): void {
    this.#seen.clear();
  }
}

function hasVersion({ identity }: IdentifiedTrain): boolean {
  return identity !== null && identity.version !== null;
}

function digestOf({ bytes }: IdentifiedTrain): string {
  return createHash("sha256").update(bytes).digest("base64");
}
