/** The epoch of a log for whoever publishes to it without a record of its own: of the publish state, and of the log. */
import type { Broker } from "../../broker/broker.ts";
import { readPublishState } from "../../digitraffic/publish_state.ts";
import { newestEpoch } from "./newest_epoch.ts";

/** Which log, and who keeps the record of it. */
export interface LogEpochOptions {
  readonly broker: Broker;
  readonly topic: string;
  /** Of `fetch`. */
  readonly publishStatePath: string;
}

/** Looks at the log once, and gives what is to be asked before each part: the record may know of a newer epoch then. */
export async function logEpoch(
  { broker, topic, publishStatePath }: LogEpochOptions,
): Promise<() => Promise<number>> {
  let epoch = await newestEpoch(broker, topic);
  return async () => {
    const state = await readPublishState(publishStatePath);
    const known = state.find((log) => log.broker === broker.label && log.topic === topic);
    return epoch = Math.max(epoch, known?.sourceEpoch ?? 0);
  };
}
