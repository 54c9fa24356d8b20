/** `deno task quarantine` as a process, with the rights that it has. */
import { assertEquals, assertStringIncludes } from "@std/assert";
import { openEmbeddedBroker } from "../../lib/broker/embedded/embedded_broker.ts";
import { FIRST_ROUND_MS, makeLog } from "../pipeline/made_up_log.ts";
import { TOPIC } from "../pipeline/process_rig.ts";
import { processStrictly } from "../pipeline/strict_process.ts";
import { quarantineStore, rejection } from "../quarantine/quarantine_rig.ts";
import { TABLE_PATHS } from "../../lib/tables/table_paths.ts";
import { DataFolder, runScript } from "./script_process.ts";

Deno.test("quarantine lists what was rejected, shows one, and gives its bytes back, with the right to read alone", async () => {
  await using folder = new DataFolder();
  const env = { DATA_DIR: folder.path };
  const rawValue = Uint8Array.of(0xe4, 0, 10);
  await quarantineStore([[rejection({ partition: 1, offset: 7n, rawValue })]], {
    store: folder.storeOf(TABLE_PATHS.quarantine),
  });
  const listed = await runScript("quarantine", ["list", "--since", "2026-02-17"], env);
  assertEquals([listed.code, listed.err], [0, ""]);
  assertStringIncludes(listed.out, "\n1:7  2026-02-17T11:00:00Z  not_json");
  const shown = await runScript("quarantine", ["show", "1:7"], env);
  assertEquals([shown.code, shown.err], [0, ""]);
  assertStringIncludes(shown.out, "e4 00 0a");
  const raw = await runScript("quarantine", ["show", "1:7", "--raw"], env);
  assertEquals([raw.code, raw.out], [0, "\ufffd\0\n"]);
  const unknown = await runScript("quarantine", ["show", "1:8"], env);
  assertEquals([unknown.code, unknown.out], [2, ""]);
  assertStringIncludes(unknown.err, "expected 1:7");
});

Deno.test("replay looks without the right to write, takes back what is accepted now, and process and report agree", async () => {
  await using folder = new DataFolder();
  const env = { DATA_DIR: folder.path, KAFKA_TOPIC: TOPIC };
  {
    const path = folder.file("broker.db");
    await using broker = await openEmbeddedBroker({ path, clock: () => FIRST_ROUND_MS });
    await broker.ensureTopic(TOPIC, 2);
    await broker.publish(TOPIC, makeLog({ trains: 4 }));
    await processStrictly(
      broker,
      folder.storeOf,
      ({ offset }) => offset % 2n === 0n ? "wrong_type" : undefined,
    );
  }
  const replay = (...args: string[]) =>
    runScript("quarantine", ["replay", "--reason=wrong_type", ...args], env);
  const dry = await replay("--dry-run");
  assertEquals([dry.code, dry.err], [0, ""]);
  assertStringIncludes(dry.out, "would be accepted now");
  const unasked = await replay();
  assertEquals([unasked.code, unasked.out], [2, ""]);
  assertStringIncludes(unasked.err, "expected --yes or --dry-run");
  const done = await replay("--yes", "--json");
  assertEquals([done.code, done.err], [0, ""]);
  const { released, accepted, duplicate, stale } = JSON.parse(done.out);
  assertEquals(released, accepted + duplicate + stale);
  const processed = await runScript("process", ["--json"], env);
  const { account } = JSON.parse(processed.out).run;
  assertEquals([processed.code, account.quarantined, account.landed - accepted - duplicate - stale >= 0], [
    0,
    7,
    true,
  ]);
  assertEquals((await runScript("report", [], env)).code, 0);
});
