/** What Prometheus reads of the pipeline: the counts and gauges of the followers, and the state of the tables. */
import { livenessOf } from "../follow/heartbeat.ts";
import { Counter, Gauge, Registry } from "../packages/prom_client.ts";
import type { LiveView } from "./live_view.ts";

/** The content type of {@linkcode metricsText}. */
export const METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8";

const UP = "ratalake_follower_up", BEAT = "ratalake_follower_heartbeat_timestamp_seconds";

/** All metrics in the text format of Prometheus. Counters begin anew with their follower, as Prometheus expects. */
export async function metricsText(view: LiveView, pages: number): Promise<string> {
  const registry = new Registry();
  followerMetrics(view, registry);
  tableMetrics(view, registry);
  gauge(registry, "live_pages", "Live pages that are open").set(pages);
  return await registry.metrics();
}

function followerMetrics({ followers, nowMs }: LiveView, registry: Registry): void {
  const labelNames = ["role"];
  const up = new Gauge({
    ...{ name: UP, help: "1 while the follower runs, 0 when it has ended or is silent" },
    ...{ labelNames, registers: [registry] },
  });
  const beat = new Gauge({
    ...{ name: BEAT, help: "When the follower last said how it is" },
    ...{ labelNames, registers: [registry] },
  });
  const counters = new Map<string, Counter>(), gauges = new Map<string, Gauge>();
  for (const follower of followers) {
    const { role, at, counts } = follower;
    up.set({ role }, livenessOf(follower, nowMs) === "running" ? 1 : 0);
    beat.set({ role }, at / 1000);
    for (const [name, count] of Object.entries(counts)) {
      const metric = `ratalake_follower_${snakeName(name)}_total`;
      const help = `${wordsOf(name)} since the follower began`;
      const counter = counters.get(metric) ??
        new Counter({ name: metric, help, labelNames, registers: [registry] });
      counters.set(metric, counter);
      if (Number.isFinite(count) && count >= 0) counter.inc({ role }, count);
    }
  }
  for (const { role, gauges: found } of followers) {
    for (const [name, value] of Object.entries(found)) {
      const { metric, factor } = baseUnit(name);
      // A file says what its gauges are called; a name means one thing.
      if (metric === UP || metric === BEAT || counters.has(metric)) continue;
      const known = gauges.get(metric) ??
        new Gauge({ name: metric, help: wordsOf(name), labelNames, registers: [registry] });
      gauges.set(metric, known);
      known.set({ role }, value * factor);
    }
  }
}

function tableMetrics(view: LiveView, registry: Registry): void {
  const { fault, standardVersion, newestMessageMs, rejected, quality, figures } = view;
  gauge(registry, "tables_readable", "1 when the tables can be read").set(fault === null ? 1 : 0);
  if (standardVersion !== null) {
    gauge(registry, "standard_version", "Version of the standard table").set(standardVersion);
  }
  if (newestMessageMs !== null) {
    gauge(registry, "newest_message_timestamp_seconds", "When the newest message of the tables was published")
      .set(newestMessageMs / 1000);
  }
  gauge(registry, "rejected_messages", "Messages in quarantine").set(rejected);
  gauge(registry, "trains_on_the_way", "Trains on the way").set(figures.running);
  gauge(registry, "trains_on_time", "Trains on the way that are on time").set(figures.onTime);
  if (quality === null) return;
  gauge(registry, "quality_passed", "1 when the newest measured run passed").set(quality.passed ? 1 : 0);
  const scores = new Gauge({
    ...{ name: "ratalake_quality_score", help: "Score of the newest run, 0 to 100" },
    ...{ labelNames: ["dimension"], registers: [registry] },
  });
  for (const { dimension, score } of quality.scores) if (score !== null) scores.set({ dimension }, score);
}

function gauge(registry: Registry, name: string, help: string): Gauge {
  return new Gauge({ name: `ratalake_${name}`, help, registers: [registry] });
}

/** Prometheus counts time in seconds; moments are named timestamps. */
function baseUnit(name: string): { readonly metric: string; readonly factor: number } {
  const [, stem] = /^(.*)Ms$/.exec(name) ?? [];
  if (stem === undefined) return { metric: `ratalake_follower_${snakeName(name)}`, factor: 1 };
  const isMoment = /^newest|At$/.test(stem);
  return {
    metric: `ratalake_follower_${snakeName(stem)}${isMoment ? "_timestamp" : ""}_seconds`,
    factor: 0.001,
  };
}

/** Names come from a file: what is no letter or digit is left out. */
function snakeName(name: string): string {
  return name.replace(/[^A-Za-z0-9]+/g, "_").replace(/(?<=[a-z0-9])[A-Z]/g, (letter) => `_${letter}`)
    .toLowerCase()
    .replace(/^_+|_+$/g, "") || "unnamed";
}

function wordsOf(name: string): string {
  return snakeName(name).replaceAll("_", " ");
}
