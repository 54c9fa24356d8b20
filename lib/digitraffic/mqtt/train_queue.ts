/** Trains that wait for the log: of each the newest, and never more than memory is meant for. */
import { createHash } from "node:crypto";
import type { TrainIdentity } from "../../train/train_identity.ts";

/** A train that came, as far as it names itself. */
export interface QueuedTrain {
  readonly bytes: Uint8Array;
  /** Null when the bytes name no train: they are validated, and kept, further on. */
  readonly identity: TrainIdentity | null;
  /** When it came; milliseconds since 1970 UTC. */
  readonly receivedMs: number;
}

/** Bounds of a queue. */
export interface QueueLimits {
  readonly maxBytes: number;
  readonly maxTrains: number;
}

/** Holds trains in the order in which they came first. */
export class TrainQueue {
  readonly #limits: QueueLimits;
  readonly #trains = new Map<string, QueuedTrain>();
  #sizeBytes = 0;

  constructor(limits: QueueLimits) {
    this.#limits = limits;
  }

  get sizeBytes(): number {
    return this.#sizeBytes;
  }

  get length(): number {
    return this.#trains.size;
  }

  /** Takes a train in; false when there is no room for it. Of one train the newest stays. */
  put(train: QueuedTrain): boolean {
    const { bytes } = train;
    const key = keyOf(train);
    const waiting = this.#trains.get(key);
    if (waiting !== undefined && isOlder(train, waiting)) return true;
    const sizeBytes = this.#sizeBytes + bytes.length - (waiting?.bytes.length ?? 0);
    const trains = this.#trains.size + (waiting === undefined ? 1 : 0);
    if (sizeBytes > this.#limits.maxBytes || trains > this.#limits.maxTrains) return false;
    this.#trains.set(key, train);
    this.#sizeBytes = sizeBytes;
    return true;
  }

  /** Empties the queue. */
  takeAll(): readonly QueuedTrain[] {
    const trains = [...this.#trains.values()];
    this.#trains.clear();
    this.#sizeBytes = 0;
    return trains;
  }
}

/** Of what names no train each text is one of its own. */
function keyOf({ identity, bytes }: QueuedTrain): string {
  if (identity !== null) return `${identity.departureDate}/${identity.trainNumber}`;
  return createHash("sha256").update(bytes).digest("base64");
}

/** Of equal versions the later one counts, as in the tables. */
function isOlder({ identity }: QueuedTrain, { identity: waiting }: QueuedTrain): boolean {
  const [version, other] = [identity?.version ?? null, waiting?.version ?? null];
  return version !== null && other !== null && version < other;
}
