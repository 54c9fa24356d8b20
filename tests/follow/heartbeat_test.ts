import { assertEquals } from "@std/assert";
import {
  type Heartbeat,
  heartbeatPath,
  livenessOf,
  readHeartbeat,
  writeHeartbeat,
} from "../../lib/follow/heartbeat.ts";

const BEAT: Heartbeat = {
  role: "fetch",
  pid: 41,
  host: "tampere",
  topic: "trains",
  startedAt: 1_700_000_000_000,
  at: 1_700_000_060_000,
  everySeconds: 5,
  doing: "waiting for the next poll",
  counts: { polls: 3 },
  gauges: { lagOffsets: 0 },
  errors: [{ at: 1_700_000_030_000, message: "status 503" }],
};

Deno.test("a heartbeat is read as it was written, and errors beyond the newest five are dropped", async () => {
  const path = heartbeatPath(await Deno.makeTempDir(), "fetch");
  assertEquals(await readHeartbeat(path), null);
  await writeHeartbeat(path, BEAT);
  assertEquals(await readHeartbeat(path), BEAT);
  const errors = Array.from({ length: 7 }, (_, at) => ({ at, message: "x".repeat(900) }));
  await writeHeartbeat(path, { ...BEAT, errors });
  const read = await readHeartbeat(path);
  assertEquals(
    read?.errors.map(({ at, message }) => [at, message.length]),
    [2, 3, 4, 5, 6].map((at) => [at, 500]),
  );
});

Deno.test("a file that is no heartbeat counts as none", async () => {
  const path = `${await Deno.makeTempDir()}/fetch.json`;
  for (const text of ["", "{", "null", '{"format":"ratalake-heartbeat/1"}']) {
    await Deno.writeTextFile(path, text);
    assertEquals(await readHeartbeat(path), null, text);
  }
});

Deno.test("what is no small file of the role is not read: pipes, devices, folders, large files, another role", async () => {
  const folder = await Deno.makeTempDir(), path = `${folder}/process.json`;
  await writeHeartbeat(path, BEAT);
  assertEquals(await readHeartbeat(path), null);
  await Deno.rename(path, `${folder}/fetch.json`);
  assertEquals(await readHeartbeat(`${folder}/fetch.json`), BEAT);
  const text = await Deno.readTextFile(`${folder}/fetch.json`);
  await Deno.writeTextFile(`${folder}/fetch.json`, text + " ".repeat(70_000));
  assertEquals(await readHeartbeat(`${folder}/fetch.json`), null);
  await Deno.symlink("/dev/zero", path);
  assertEquals(await readHeartbeat(path), null);
  await Deno.remove(path);
  await Deno.mkdir(path);
  assertEquals(await readHeartbeat(path), null);
  await Deno.writeTextFile(`${folder}/fetch.json`, text.replace('"everySeconds":5', '"everySeconds":1e300'));
  assertEquals(await readHeartbeat(`${folder}/fetch.json`), null);
});

Deno.test("a follower is running until three heartbeats are missing, and has ended when it said so", () => {
  assertEquals(livenessOf(BEAT, BEAT.at + 15_000), "running");
  assertEquals(livenessOf(BEAT, BEAT.at + 15_001), "silent");
  assertEquals(livenessOf(BEAT, BEAT.at - 3_600_000), "silent");
  assertEquals(livenessOf({ ...BEAT, doing: "" }, BEAT.at + 86_400_000), "ended");
});
