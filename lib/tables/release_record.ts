/** What the standard commit of a release says of it: enough to finish the release without its process. */
import { z } from "../packages/zod.ts";
import { type BatchRecord, recordsMetric, recordsOfMetrics } from "./batch_record.ts";

/** Offsets of messages by partition, each list in rising order. */
export type MessagePlaces = ReadonlyMap<number, readonly bigint[]>;

/** Messages that leave quarantine together. */
export interface Release {
  readonly number: bigint;
  readonly topic: string;
  readonly places: MessagePlaces;
  /** One per partition. */
  readonly records: readonly BatchRecord[];
}

/** Offsets as steps from one to the next in base 36, separated by dots: a few characters each. */
const storedRelease = z.object({
  number: z.int().min(1),
  topic: z.string(),
  places: z.record(z.string().regex(/^\d{1,9}$/), z.string().regex(/^[0-9a-z]+(?:\.[0-9a-z]+)*$/)),
  records: z.string(),
});

const METRIC = "ratalake.release";

/** The release as a metric of its standard commit. */
export function releaseMetric({ number, topic, places, records }: Release): Readonly<Record<string, string>> {
  const [text = "[]"] = Object.values(recordsMetric(records));
  const stored: z.infer<typeof storedRelease> = {
    number: Number(number),
    topic,
    places: Object.fromEntries([...places].map(([partition, offsets]) => [partition, writeOffsets(offsets)])),
    records: text,
  };
  return { [METRIC]: JSON.stringify(stored) };
}

/** The release that a standard commit made; undefined when it made none. */
export function releaseOfMetrics(metrics: Readonly<Record<string, string>> | undefined): Release | undefined {
  const text = metrics?.[METRIC];
  if (text === undefined) return undefined;
  const { number, topic, places, records } = storedRelease.parse(JSON.parse(text));
  const [name = ""] = Object.keys(recordsMetric([]));
  return {
    number: BigInt(number),
    topic,
    places: new Map(
      Object.entries(places).map(([partition, offsets]) => [Number(partition), readOffsets(offsets)]),
    ),
    records: recordsOfMetrics({ [name]: records }),
  };
}

function writeOffsets(offsets: readonly bigint[]): string {
  return offsets.map((offset, i) => (offset - (offsets[i - 1] ?? 0n)).toString(36)).join(".");
}

function readOffsets(text: string): readonly bigint[] {
  let offset = 0n;
  return text.split(".").map((step) => offset += BigInt(parseInt(step, 36)));
}
