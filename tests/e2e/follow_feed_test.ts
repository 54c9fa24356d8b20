/** `fetch --follow` as a process of its own, under the rights of its launcher. */
import { assertEquals, assertGreater, assertStringIncludes } from "@std/assert";
import { readPublishState } from "../../lib/digitraffic/publish_state.ts";
import { heartbeatPath, livenessOf, readHeartbeat } from "../../lib/follow/heartbeat.ts";
import { serveSimulator } from "../../lib/simulator/serve_simulator.ts";
import { DataFolder, endOf, startScript } from "./script_process.ts";

/** Looks until it is so. */
async function until<T>(look: () => Promise<T | null | false>): Promise<T> {
  while (true) {
    const found = await look();
    if (found !== null && found !== false) return found;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

Deno.test("a follower publishes, says how it is, lets a second one wait, and ends cleanly when it is asked to", async () => {
  await using folder = new DataFolder();
  await using server = serveSimulator({ seed: 5, trains: 60, world: {}, clock: Date.now });
  const state = folder.file("elsewhere/state.json");
  const env = {
    DATA_DIR: folder.path,
    STATE_FILE: `${folder.path}/elsewhere/state.json`,
    DIGITRAFFIC_URL: server.url,
  };
  const first = await startScript("fetch", ["--follow", "--every", "10s", "--json"], env);
  const path = heartbeatPath(folder.file(""), "fetch");
  const beat = await until(async () => {
    const found = await readHeartbeat(path);
    return (found?.counts.published ?? 0) > 0 && found;
  });
  assertEquals([beat.pid, livenessOf(beat, Date.now())], [first.pid, "running"]);
  const second = await startScript("fetch", ["--follow"], env);
  // It has said so when it asks for the lock.
  const said = second.stderr.pipeThrough(new TextDecoderStream());
  for await (const text of said) {
    assertStringIncludes(text, `process ${first.pid} on`);
    break;
  }
  second.kill("SIGTERM");
  first.kill("SIGTERM");
  await second.stdout.cancel();
  assertEquals((await second.status).code, 143);
  const { code, out, err } = await endOf(first);
  assertEquals([code, err.split("\n").filter((line) => !line.includes("SIGTERM")).join("")], [143, ""]);
  const lines = out.trim().split("\n").map((line) => JSON.parse(line));
  assertEquals(lines[0].kind, "full");
  assertGreater(lines[0].published, 0);
  assertEquals((await readHeartbeat(path))?.doing, "");
  const [log] = await readPublishState(state);
  assertEquals(log?.feeds?.[0]?.source, server.url);
});
