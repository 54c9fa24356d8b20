/** `deno task quarantine` as a process, with the rights that it has. */
import { assertEquals, assertStringIncludes } from "@std/assert";
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
