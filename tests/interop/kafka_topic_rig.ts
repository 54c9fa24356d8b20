/** A topic of its own on a running Kafka with a folder for its tables: what others do to it, and what the scripts then say. */

import { type Admin, Kafka, logLevel } from "kafkajs";

import { simulateTrains } from "../../lib/simulator/simulate_trains.ts";
import type { KafkaServer } from "./kafka_server.ts";
import { makePipelineFolder, type PipelineFolder } from "./pipeline_folder.ts";

/** When the simulated trains run, and when their messages say that they were made. */
export const RIG_NOW_MS = Date.UTC(2025, 1, 17, 4, 21);

const SEED = 1;
/** More than any test publishes. */
const MOST_TRAINS = 200;
/** Kafka takes a megabyte at once. */
const MOST_TRAINS_AT_ONCE = 50;

/** How a script ended; the address, the folder, times and durations are masked, so that the rest can be compared word for word. */
export interface Said {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** One topic, one lake, and somebody who may do anything to the topic. */
export interface KafkaTopicRig extends AsyncDisposable {
  readonly log: TopicHand;
  readonly folder: PipelineFolder;
  /** Runs a script as a process. */
  say(script: string, ...args: readonly string[]): Promise<Said>;
}

/** How the topic is made. */
export interface RigOptions {
  readonly topic: string;
  /** Where the scripts find the cluster; default: its plain address. */
  readonly address?: string;
  readonly partitions?: number;
  readonly config?: Readonly<Record<string, string>>;
  /** More settings for the scripts. */
  readonly env?: Readonly<Record<string, string>>;
}

/** Makes the topic and an empty folder. */
export async function makeTopicRig(kafka: KafkaServer, options: RigOptions): Promise<KafkaTopicRig> {
  const { topic, address = kafka.address, env } = options;
  const log = new TopicHand(kafka.address, options);
  await log.create();
  const folder = await makePipelineFolder({
    KAFKA_BROKER: address,
    KAFKA_TOPIC: topic,
    LOG_LEVEL: "warning",
    ...env,
  });
  const say = async (script: string, ...args: readonly string[]) => {
    const { code, stdout, stderr } = await folder.run(script, args);
    const mask = (text: string) => masked(text, { address, folder: folder.dataDir });
    return { code, out: mask(stdout), err: mask(stderr) };
  };
  return { log, folder, say, [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose]() };
}

/** What others do to a topic. Each act has a client of its own, as kafkajs remembers for minutes how a topic was. */
export class TopicHand {
  readonly topic: string;
  readonly #client: Kafka;
  readonly #options: RigOptions;
  readonly #trains: readonly string[];
  #published = 0;

  constructor(address: string, options: RigOptions) {
    this.#client = new Kafka({ brokers: [address], clientId: "other", logLevel: logLevel.NOTHING });
    this.topic = options.topic;
    this.#options = options;
    this.#trains = trainTexts(SEED);
  }

  async create(): Promise<void> {
    const { partitions = 1, config = {} } = this.#options;
    const configEntries = Object.entries(config).map(([name, value]) => ({ name, value }));
    const topics = [{ topic: this.topic, numPartitions: partitions, configEntries }];
    await this.#asAdmin((admin) => admin.createTopics({ topics, waitForLeaders: true }));
  }

  async remove(): Promise<void> {
    await this.#asAdmin((admin) => admin.deleteTopics({ topics: [this.topic] }));
  }

  async recreate(): Promise<void> {
    await this.remove();
    await this.create();
  }

  async addPartitions(count: number): Promise<void> {
    const topicPartitions = [{ topic: this.topic, count }];
    await this.#asAdmin((admin) => admin.createPartitions({ topicPartitions }));
  }

  /** As retention does it, below an offset. */
  async deleteRecords(below: number, partition = 0): Promise<void> {
    const { topic } = this;
    await this.#asAdmin(async (admin) => {
      // Makes kafkajs look up the topic, which deleting records does not.
      await admin.fetchTopicOffsets(topic);
      await admin.deleteTopicRecords({ topic, partitions: [{ partition, offset: String(below) }] });
    });
  }

  /** Trains that no topic of this name has had. */
  async publish(trains: number, partition = 0): Promise<void> {
    await this.#send(this.#next(trains), partition);
  }

  /** Trains by their numbers, again, or under the same keys others of another seed. */
  async publishAgain(numbers: readonly number[], seed = SEED): Promise<void> {
    const texts = seed === SEED ? this.#trains : trainTexts(seed);
    await this.#send(numbers.map((number) => messageOf(texts, number)), 0);
  }

  /** Trains that no topic of this name has had, in a transaction; its end leaves one marker. */
  async publishInTransaction(trains: number, ending: "commit" | "abort"): Promise<void> {
    const { topic } = this;
    const producer = this.#client.producer({
      transactionalId: topic,
      idempotent: true,
      maxInFlightRequests: 1,
    });
    await producer.connect();
    const transaction = await producer.transaction();
    const messages = this.#next(trains).map((message) => ({ ...message, partition: 0 }));
    await transaction.send({ topic, messages });
    await transaction[ending]();
    await producer.disconnect();
  }

  #next(count: number): readonly TrainMessage[] {
    const first = this.#published;
    this.#published += count;
    return Array.from({ length: count }, (_, index) => messageOf(this.#trains, first + index));
  }

  async #send(messages: readonly TrainMessage[], partition: number): Promise<void> {
    const producer = this.#client.producer();
    await producer.connect();
    const { topic } = this;
    for (let at = 0; at < messages.length; at += MOST_TRAINS_AT_ONCE) {
      const some = messages.slice(at, at + MOST_TRAINS_AT_ONCE);
      await producer.send({ topic, messages: some.map((message) => ({ ...message, partition })) });
    }
    await producer.disconnect();
  }

  async #asAdmin(act: (admin: Admin) => Promise<unknown>): Promise<void> {
    const admin = this.#client.admin();
    await admin.connect();
    await act(admin);
    await admin.disconnect();
  }
}

interface TrainMessage {
  readonly key: string;
  readonly value: string;
  readonly timestamp: string;
}

function trainTexts(seed: number): readonly string[] {
  return [...simulateTrains({ seed, trains: MOST_TRAINS, atMs: RIG_NOW_MS })].map((train) =>
    JSON.stringify(train)
  );
}

function messageOf(texts: readonly string[], number: number): TrainMessage {
  return { key: `${number}`, value: texts[number] ?? "", timestamp: String(RIG_NOW_MS + number * 1000) };
}

/** The settings of the rig, which advised commands name. */
const SETTINGS = /(deno task \w+)(?: --(?:broker|topic|data-dir|state-file|digitraffic-url) [^\s`]+)+/g;

function masked(
  text: string,
  { address, folder }: { readonly address: string; readonly folder: string },
): string {
  return text.replaceAll(SETTINGS, "$1").replaceAll(address, "HOST").replaceAll(folder, "FOLDER")
    .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, "TIME").replaceAll(/\b[\d.]+ s$/gm, "SECONDS")
    .replaceAll(/\d\d:\d\d:\d\d(\.\d+)?/g, "TIME");
}
