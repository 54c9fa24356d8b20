/**
 * Which test files `deno task test` runs together. Each file that is given to `deno test` is an isolate of its own, which
 * loads and compiles the project and its libraries anew: 0.2 s of work, more than most files need for their tests. So
 * the task is given a few rooms, each of which loads many files. A file is in the room with the longest path that leads
 * to it; so each file is in one, and a new one is found without a word here. Alone it runs as ever.
 */

const TESTS = new URL("../", import.meta.url);

/** Files and folders below tests/ by room; "" is all that is in no other. Rooms take about as long as each other. */
export const ROOMS: Readonly<Record<string, readonly string[]>> = {
  broker: ["broker"],
  delta: ["delta"],
  delta_changes: ["delta/change", "delta/maintain", "delta/table"],
  e2e: ["e2e", "readme_test.ts"],
  e2e_launch: ["e2e/launch_test.ts", "scripts"],
  e2e_trouble: ["e2e/trouble_test.ts"],
  pipeline: ["pipeline"],
  pipeline_crashes: [
    "kill",
    "crash",
    "concurrent",
    "replay_kill",
    "replay_trouble",
    "restored_table",
    "older_lake",
    "drift_policy",
  ].map((name) => `pipeline/${name}_test.ts`),
  pipeline_feed: ["pipeline/follow_feed"],
  pipeline_follow: ["pipeline/follow_topic"],
  pipeline_logs: ["process_trains", "other_log", "lost_messages", "bounds", "replay_trains"].map((name) =>
    `pipeline/${name}_test.ts`
  ),
  project: [""],
  stages: [
    "analysis",
    "answers",
    "charts",
    "export",
    "landing",
    "live",
    "metadata",
    "quality",
    "quarantine",
    "report",
    "sql",
    "standard",
    "tables",
    "telemetry",
    "text",
  ],
  validate: ["digitraffic", "simulator", "validate"],
};
/** What needs more than Deno has tasks of its own: `test:browser`, `test:interop`. */
const ELSEWHERE = ["browser", "interop"];

/** Loads the files of the room that is called as the module that asks, without `_room.ts`. */
export async function loadRoom(module: string): Promise<void> {
  const room = /([a-z0-9_]+)_room\.ts$/.exec(module)?.[1] ?? module;
  for (const path of testFiles("")) {
    if (roomOf(path) === room) await import(new URL(path, TESTS).href);
  }
}

/** All files with tests that need nothing but Deno, as paths below tests/, in an order that is always the same. */
export function testFiles(folder: string): readonly string[] {
  const entries = Deno.readDirSync(new URL(folder, TESTS)).toArray();
  return entries.sort((a, b) => a.name < b.name ? -1 : 1).flatMap(({ name, isDirectory }) => {
    const path = `${folder}${name}`;
    if (isDirectory) return ELSEWHERE.includes(path) ? [] : testFiles(`${path}/`);
    return name.endsWith("_test.ts") ? [path] : [];
  });
}

/** The room of a file. */
export function roomOf(path: string): string {
  const places = Object.entries(ROOMS).flatMap(([room, parts]) => parts.map((part) => ({ room, part })));
  const fitting = places.filter(({ part }) => part === "" || path === part || path.startsWith(`${part}/`));
  return fitting.reduce((best, each) => each.part.length > best.part.length ? each : best).room;
}
