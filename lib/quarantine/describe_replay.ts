/** What a replay of quarantine did, or would do, for people. */
import type { ReplayCounts } from "../pipeline/quarantine/replay_quarantine.ts";
import { counted, grouped } from "../printable.ts";

/** What became of the messages. */
export function describeReplay({ replayed, released, accepted, duplicate, stale }: ReplayCounts): string {
  if (released === 0) return nothing(replayed);
  const parts = [[accepted, "accepted"], [duplicate, "duplicate"], [stale, "stale"]] as const;
  const became = parts.map(([count, name]) => `${grouped(count)} ${name}`).join(", ");
  return [
    `${grouped(released)} of ${counted(replayed, "message")} left quarantine: ${became}; ` +
    `${grouped(replayed - released)} still rejected`,
    "The report shows it after the next `deno task process`",
  ].join("\n");
}

/** What would be accepted. */
export function describeDryReplay({ replayed, released }: ReplayCounts): string {
  if (released === 0) return nothing(replayed);
  return `${grouped(released)} of ${counted(replayed, "message")} would be accepted now, ` +
    `${grouped(replayed - released)} still be rejected`;
}

function nothing(replayed: number): string {
  if (replayed === 0) return "There is no such message in quarantine";
  return replayed === 1
    ? "The message is still rejected"
    : `All ${grouped(replayed)} messages are still rejected`;
}
