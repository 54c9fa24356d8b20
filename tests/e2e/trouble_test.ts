/** What goes wrong around the scripts, as real processes: each ends with its exit code and a line that names it. */

import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { type EmbeddedBroker, openEmbeddedBroker } from "../../lib/broker/embedded/embedded_broker.ts";
import type { Message } from "../../lib/broker/broker.ts";
import { serveSimulator } from "../../lib/simulator/serve_simulator.ts";
import { FIRST_ROUND_MS, makeLog, makeRound, trainMessage } from "../pipeline/made_up_log.ts";
import { readContent } from "../pipeline/table_content.ts";
import { TOPIC } from "../pipeline/process_rig.ts";
import { ingestInto } from "./ingested.ts";
import { DataFolder, type Ended, runScript, startScript } from "./script_process.ts";

/** By how much the disk grows from run to run; `RATALAKE_DISK_GROWTH=1.3` meets its end at more places. */
const DISK_GROWTH = Number(Deno.env.get("RATALAKE_DISK_GROWTH") ?? 4);
/** How often `fetch` asks before it gives up. */
const ATTEMPTS = 5;
const SCRIPTS = ["demo", "fetch", "process", "replay", "report", "simulate"];

function envOf(folder: DataFolder | string): Readonly<Record<string, string>> {
  return { DATA_DIR: typeof folder === "string" ? folder : folder.path, KAFKA_TOPIC: TOPIC };
}

async function openBroker(path: string): Promise<EmbeddedBroker> {
  const broker = await openEmbeddedBroker({ path, clock: () => FIRST_ROUND_MS });
  await broker.ensureTopic(TOPIC, 3);
  return broker;
}

async function publish(path: string, messages: readonly Message[]): Promise<void> {
  await using broker = await openBroker(path);
  await broker.publish(TOPIC, messages);
}

/** One line on stderr, no stack, no result. */
function assertFailure({ code, out, err }: Ended, pattern: RegExp): void {
  assertMatch(err, pattern);
  assertEquals([code, out, err.trimEnd().split("\n").length], [1, "", 1], err);
}

Deno.test("wrong flags are usage errors in every script, and nothing is made", async () => {
  await using folder = new DataFolder();
  const ended = await Promise.all(
    SCRIPTS.map((script) => runScript(script, ["--no-such-flag"], envOf(folder))),
  );
  for (const { code, out, err } of ended) {
    assertEquals([code, out], [2, ""]);
    assertStringIncludes(err, "no-such-flag");
  }
  assertEquals([...Deno.readDirSync(folder.file(""))], []);
});

Deno.test("a data folder that is a file, lies below one, or is out of bounds is named", async () => {
  await using folder = new DataFolder();
  Deno.writeTextFileSync(folder.file("file"), "not a folder");
  for (const path of [`${folder.path}/file`, `${folder.path}/file/below`, "/proc/ratalake"]) {
    const ended = await Promise.all(
      (path === "/proc/ratalake" ? ["process"] : ["process", "report"])
        .map((script) => runScript(script, [], envOf(path))),
    );
    for (const each of ended) {
      assertFailure(each, /^(?:process|report): Cannot /);
      assertStringIncludes(each.err, path);
    }
  }
  assertEquals(Deno.readTextFileSync(folder.file("file")), "not a folder");
});

Deno.test("a damaged broker file is named and left as it is", async () => {
  await using folder = new DataFolder();
  const bytes = new Uint8Array(20_000).fill(7);
  Deno.writeFileSync(folder.file("broker.db"), bytes);
  assertFailure(
    await runScript("process", [], envOf(folder)),
    /^process: Cannot open .*broker\.db": it is damaged/,
  );
  assertEquals(Deno.readFileSync(folder.file("broker.db")), bytes);
});

Deno.test("a damaged publish state only means publishing again", async () => {
  await using folder = new DataFolder();
  await using simulator = serveSimulator({ seed: 1, trains: 5, clock: () => FIRST_ROUND_MS });
  const env = { ...envOf(folder), DIGITRAFFIC_URL: simulator.url };
  const first = await runScript("fetch", ["--json"], env);
  assertEquals([first.code, JSON.parse(first.out).published], [0, 5]);
  const same = await runScript("fetch", ["--json"], env);
  assertEquals([same.code, JSON.parse(same.out).published], [0, 0]);
  Deno.writeTextFileSync(folder.file("publish_state.json"), '{"version":1,"trains":{"2025');
  const again = await runScript("fetch", ["--json"], env);
  assertEquals([again.code, JSON.parse(again.out).published], [0, 5]);
  assertStringIncludes(again.err, "publish_state.json");
  const { account } = JSON.parse((await runScript("process", ["--json"], envOf(folder))).out).run;
  assertEquals([account.accepted, account.duplicate], [5, 5]);
});

/** Answers all attempts but the last with "come again at once", so that nothing waits, and is gone when that one comes. */
async function refuseThenLeave(listener: Deno.TcpListener, attempts: number): Promise<void> {
  const answer = "HTTP/1.1 503 Busy\r\nretry-after: 0\r\nconnection: close\r\ncontent-length: 0\r\n\r\n";
  for (let left = attempts - 1; left > 0; left--) {
    using connection = await listener.accept();
    await connection.read(new Uint8Array(10_000));
    if (left === 1) listener.close();
    await connection.write(new TextEncoder().encode(answer));
  }
}

Deno.test("an API that is not there is named", async () => {
  await using folder = new DataFolder();
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const url = `http://127.0.0.1:${listener.addr.port}/api`;
  const left = refuseThenLeave(listener, ATTEMPTS);
  const failed = await runScript("fetch", [], { ...envOf(folder), DIGITRAFFIC_URL: url });
  assertEquals([failed.code, failed.out], [1, ""]);
  assertMatch(failed.err, new RegExp(`fetch: Cannot fetch "${url}/live-trains": .*refused`));
  await left;
});

Deno.test("report ends with 1 without tables, 0 on good data, 3 on bad, and says so in JSON too", async () => {
  await using folder = new DataFolder();
  assertFailure(
    await runScript("report", [], envOf(folder)),
    /^report: Cannot report yet: run `deno task fetch --topic \w+ --data-dir \S+`, then `deno task process /,
  );
  await ingestInto(folder, makeRound(5, 1, FIRST_ROUND_MS));
  const good = await runScript("report", [], envOf(folder));
  assertEquals([good.code, good.err], [0, ""]);
  assertStringIncludes(good.out, "PASSED");
  assertMatch(
    good.out,
    /Source: Fintraffic \/ digitraffic\.fi, license CC BY 4\.0,\nhttps:.*\nthe data was checked and rearranged\n[^]*\nPASSED: [^\n]*\n$/,
  );
  // No colour where no terminal is.
  assert(!good.out.includes("\u001b"));
  const train = JSON.parse(new TextDecoder().decode(makeRound(1, 2, FIRST_ROUND_MS)[0]?.value ?? undefined));
  const [first, ...rest] = train.timeTableRows;
  const future = { ...train, timeTableRows: [{ ...first, actualTime: "2026-01-01T00:00:00Z" }, ...rest] };
  await publish(folder.file("broker.db"), [trainMessage({ ...future, version: 9e14 })]);
  await runScript("process", [], envOf(folder));
  const bad = await runScript("report", [], envOf(folder));
  assertEquals([bad.code, bad.err], [3, ""]);
  assertStringIncludes(bad.out, "FAILED");
  const json = await runScript("report", ["--json"], envOf(folder));
  assertEquals([json.code, JSON.parse(json.out).passed], [3, false]);
});

Deno.test("Ctrl-C in the middle of process finishes the commit, says what is done, and ends with 130", async () => {
  await using folder = new DataFolder();
  const log = makeLog({ trains: 250 });
  await publish(folder.file("broker.db"), log);
  const child = await startScript("process", ["--max-batch-mb=1"], { ...envOf(folder), LOG_LEVEL: "info" });
  const out = new Response(child.stdout).text();
  let err = "";
  for await (const text of child.stderr.pipeThrough(new TextDecoderStream())) {
    if (!err.includes("batch 1") && (err + text).includes("batch 1")) child.kill("SIGINT");
    err += text;
  }
  assertEquals((await child.status).code, 130);
  assertMatch(
    await out,
    /^stopped: [\d,]+ messages? ingested in \d+ batch(?:es)?, committed; the next run goes on from there\n$/,
  );
  const last = await runScript("process", ["--json"], envOf(folder));
  const { messages, run } = JSON.parse(last.out);
  assertEquals([last.code, run.account.landed, run.lag], [0, log.length, 0]);
  assert(messages < log.length, "the first run took in something");
});

Deno.test("a full disk ends process with 1, shows nothing half done, and the next run goes on", async (t) => {
  await using folder = new DataFolder();
  const disk = `${folder.path}/disk`;
  Deno.mkdirSync(folder.file("disk"));
  if (!mount(folder.file("disk"), 16)) {
    // crash_test.ts has the same on a store whose writes fail.
    await t.step({ name: "on a real disk: this system lets nobody mount one", ignore: true, fn: () => {} });
    return;
  }
  try {
    const log = makeLog({ trains: 25 });
    await publish(folder.file("disk/broker.db"), log);
    await using other = new DataFolder();
    await ingestInto(other, log);
    let failures = 0;
    for (let freeKb = 60;; freeKb = Math.ceil(freeKb * DISK_GROWTH)) {
      const { code, err } = await withFree(
        folder.file("disk"),
        freeKb,
        () => runScript("process", [], envOf(disk)),
      );
      if (code === 0) break;
      assertEquals(code, 1);
      assertMatch(err, /space|full/i);
      failures++;
    }
    assert(failures > 1, `${failures} runs met a full disk`);
    assertEquals(
      await readContent((path) => folder.storeOf(`disk/${path}`)),
      await readContent(other.storeOf),
    );
  } finally {
    await new Deno.Command("umount", { args: [folder.file("disk")] }).output();
  }
});

function mount(path: string, sizeMb: number): boolean {
  if (Deno.build.os !== "linux") return false;
  try {
    const args = ["-t", "tmpfs", "-o", `size=${sizeMb}m`, "tmpfs", path];
    return new Deno.Command("mount", { args, stdout: "null", stderr: "null" }).outputSync().success;
  } catch {
    return false;
  }
}

/** Fills the disk but for so much, acts, and makes room again. */
async function withFree<T>(path: string, freeKb: number, act: () => Promise<T>): Promise<T> {
  const { stdout } = await new Deno.Command("df", { args: ["-k", "--output=avail", path] }).output();
  const available = Number(new TextDecoder().decode(stdout).split("\n")[1]);
  const filler = `${path}/filler`;
  Deno.writeFileSync(filler, new Uint8Array(Math.max(0, available - freeKb) * 1024));
  try {
    return await act();
  } finally {
    Deno.removeSync(filler);
  }
}
