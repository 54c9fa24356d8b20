/** What the followers of a data folder last said of themselves. */
import {
  type FollowerRole,
  type Heartbeat,
  heartbeatPath,
  readHeartbeat,
} from "../../lib/follow/heartbeat.ts";

const ROLES: readonly FollowerRole[] = ["fetch", "process", "backfill"];

/** Of those that have ever said anything. */
export async function readHeartbeats(dataDir: string): Promise<readonly Heartbeat[]> {
  const read = await Promise.all(ROLES.map((role) => readHeartbeat(heartbeatPath(dataDir, role))));
  return read.filter((heartbeat) => heartbeat !== null);
}
