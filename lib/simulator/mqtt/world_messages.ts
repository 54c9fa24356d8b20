/** What the API publishes over MQTT of a living world: right after each batch what is known of the trains in it. */
import { type Happenings, openWorldChanges } from "../world/world_changes.ts";
import type { World } from "../world/world.ts";
import { mqttTopic, writePayload } from "./payload.ts";

/** One message. */
export interface WorldMessage {
  /** The end of its batch; milliseconds since 1970 UTC. */
  readonly atMs: number;
  readonly topic: string;
  readonly payload: string;
}

/** Not told are deletions, and timetables that are published or made anew: the API tells them by REST alone. */
export function openWorldMessages(world: World): Happenings<WorldMessage> {
  const changes = openWorldChanges(world);
  return (fromMs, untilMs) =>
    changes(fromMs, untilMs).filter(({ kind }) => kind === "run").map(({ atMs, train }) => {
      return { atMs, topic: mqttTopic(train), payload: writePayload(train) };
    });
}
