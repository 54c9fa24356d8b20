/** Notices that the files of an open log are no longer the ones at their places, before anything is acknowledged. */

import { BrokerError, systemFault } from "../../errors.ts";

/**
 * The files of a log in the order of their names: the log itself and what SQLite keeps beside it.
 *
 * A process that has the log open must open none of them by other means: closing a file gives up all of the process's
 * POSIX locks on it, whoever took them. Another process then takes itself for the last one and deletes the `-wal`.
 */
export function brokerFiles(path: string): readonly string[] {
  return [path, `${path}-wal`, `${path}-shm`];
}

const GONE = "gone";

/**
 * What stood at the places of a log when it was opened. Somebody may delete or replace the files (a reset, a copy that
 * is put back, a lost lock); the system lets a process go on writing to those that are gone, and nobody reads them again.
 */
export class OpenedFiles {
  readonly #path: string;
  readonly #places: readonly string[];
  readonly #opened: (string | null)[];

  /** To be made when SQLite has opened all of them. */
  constructor(path: string) {
    this.#path = path;
    this.#places = brokerFiles(path).slice(0, 2);
    this.#opened = this.#places.map(identify);
  }

  /** Two questions to the system, nothing is opened. */
  areThere(): boolean {
    return this.#places.every((place, index) => {
      const found = identify(place);
      const opened = this.#opened[index] ?? null;
      // Not known then or now, or a -wal that was not needed yet.
      if (opened === null || opened === GONE) this.#opened[index] = found;
      return opened === null || opened === GONE || found === null || found === opened;
    });
  }

  /** @throws {BrokerError} When another file, or none, is there now. */
  assertThere(action: string): void {
    if (this.areThere()) return;
    throw new BrokerError(
      `Cannot ${action} in broker file "${this.#path}": somebody deleted or replaced it, or its -wal, while it was ` +
        "open, expected the files that were opened; what this call has written is not kept, start again",
    );
  }
}

/** Device and number of a file, or that none is there; null when this cannot be known. */
function identify(path: string): string | null {
  try {
    const { dev, ino } = Deno.statSync(path);
    // Windows tells no number, and keeps what is open from being deleted.
    return ino === null ? null : `${dev}:${ino}`;
  } catch (cause) {
    const fault = systemFault(cause);
    if (fault === "missing right") return null;
    if (fault !== null) return GONE;
    throw cause;
  }
}
