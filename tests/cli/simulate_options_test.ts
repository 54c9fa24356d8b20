import { assertEquals, assertThrows } from "@std/assert";
import { readConfig } from "../../lib/cli/config.ts";
import { checkSimulateFlags, SIMULATE_OPTIONS } from "../../lib/cli/simulate_options.ts";
import { UsageError } from "../../lib/errors.ts";

function flagsOf(...args: readonly string[]) {
  const { flags } = readConfig({ args, env: {} }, { options: SIMULATE_OPTIONS });
  checkSimulateFlags(flags);
  return flags;
}

Deno.test("an MQTT broker is simulated for a world alone, on a port", () => {
  assertEquals(flagsOf("--world", "--mqtt-port", "8089").mqttPort, 8089);
  assertEquals(flagsOf().mqttPort, undefined);
  assertThrows(() => flagsOf("--mqtt-port", "8089"), UsageError, "found no --world");
  assertThrows(() => flagsOf("--world", "--mqtt-port", "65536"), UsageError, "from 0 to 65535");
});
