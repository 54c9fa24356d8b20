/** What a back-fill knows of days that were done before, and notes of those that it does. */
import { getLogger } from "../../packages/logtape.ts";
import type { Broker } from "../../broker/broker.ts";
import { endpointUrl } from "../../digitraffic/endpoint_url.ts";
import { takeFingerprints } from "../compare_log.ts";
import { countRecords, findDifference } from "../find_published.ts";
import {
  type BackfillRecord,
  type FilledDay,
  readBackfillState,
  writeBackfillState,
} from "./backfill_state.ts";

const logger = getLogger(["ratalake", "backfill"]);

/** To which record days belong. */
export interface BookPlace {
  readonly statePath: string;
  /** Base address of the API. */
  readonly url: string;
  readonly broker: Broker;
  readonly topic: string;
}

/** The record of one source and log, in a file with others. */
export class BackfillBook {
  readonly #place: BookPlace;
  readonly #others: readonly BackfillRecord[];
  readonly #days: Map<string, FilledDay>;
  #record: BackfillRecord;
  #writing: Promise<void> = Promise.resolve();

  /** Use {@linkcode BackfillBook.open}. */
  private constructor(place: BookPlace, record: BackfillRecord, others: readonly BackfillRecord[]) {
    this.#place = place;
    this.#record = record;
    this.#others = others;
    this.#days = new Map(record.days);
  }

  /** Reads the file. Days that went to another log of this name count as not done, with a warning. */
  static async open(place: BookPlace): Promise<BackfillBook> {
    const { statePath, url, broker, topic } = place;
    const all = await readBackfillState(statePath);
    const offsets = await broker.topicOffsets(topic);
    const log = { records: countRecords(offsets), logId: await broker.logId(topic) };
    const { source } = endpointUrl(url, "trains");
    const empty: BackfillRecord = {
      source,
      broker: broker.label,
      topic,
      ...log,
      messages: [],
      days: new Map(),
    };
    const isThis = (each: BackfillRecord) =>
      each.source === source && each.broker === broker.label && each.topic === topic;
    const known = all.find(isThis);
    const others = all.filter((each) => !isThis(each));
    if (known === undefined || known.days.size === 0) return new BackfillBook(place, empty, others);
    const difference = await findDifference(known, { ...log, client: broker, offsets });
    if (difference === null) return new BackfillBook(place, { ...known, logId: log.logId }, others);
    logger.warn("Back-filling all days again: topic {topic} {difference}", { topic, difference });
    return new BackfillBook(place, empty, others);
  }

  /** What is done, by departure date. */
  get days(): ReadonlyMap<string, FilledDay> {
    return this.#days;
  }

  /** Notes a day that the broker has all of; on disk when it resolves. */
  async recordDay(date: string, day: FilledDay): Promise<void> {
    this.#days.set(date, day);
    // One after the other: the last one has written all.
    const turn = this.#writing.then(() => this.#write(day.trains));
    this.#writing = turn.catch(() => {});
    await turn;
  }

  async #write(published: number): Promise<void> {
    const { broker, topic, statePath } = this.#place;
    this.#record = {
      ...this.#record,
      records: this.#record.records + BigInt(published),
      logId: await broker.logId(topic),
      // Without them the day is noted all the same: the log is then known by what was noted before.
      messages: await takeFingerprints({ broker, topic }).catch(() => this.#record.messages),
      days: this.#days,
    };
    await writeBackfillState(statePath, [...this.#others, this.#record]);
  }
}
