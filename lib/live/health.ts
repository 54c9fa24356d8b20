/** Whether the pipeline is well, for those who ask with a program: what runs, what is silent, what cannot be read. Pure. */
import { livenessOf } from "../follow/heartbeat.ts";
import type { LiveView } from "./live_view.ts";

/** The answer of `/healthz`. */
export interface Health {
  readonly status: "ok" | "failing";
  /** What is wrong, one sentence each. */
  readonly reasons: readonly string[];
  readonly followers: Readonly<Record<string, "running" | "ended" | "silent">>;
  /** Seconds since the newest message in the standard table was published; null without one. */
  readonly newestMessageAgeSeconds: number | null;
}

/** A follower that has ended by itself is no fault: somebody has ended it. */
export function healthOf(view: Pick<LiveView, "followers" | "fault" | "newestMessageMs" | "nowMs">): Health {
  const { followers, fault, newestMessageMs, nowMs } = view;
  const states = followers.map((follower) => [follower.role, livenessOf(follower, nowMs)] as const);
  const silent = states.filter(([, state]) => state === "silent").map(([role]) =>
    `${role} is silent: it hangs, or was killed`
  );
  const reasons = [...(fault === null ? [] : [`the tables cannot be read: ${fault}`]), ...silent];
  return {
    status: reasons.length === 0 ? "ok" : "failing",
    reasons,
    followers: Object.fromEntries(states),
    newestMessageAgeSeconds: newestMessageMs === null ? null : Math.round((nowMs - newestMessageMs) / 1000),
  };
}
