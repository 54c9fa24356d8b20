import { assertEquals, assertThrows } from "@std/assert";
import { readConfig } from "../../lib/cli/config.ts";
import { SIMULATE_OPTIONS } from "../../lib/cli/flags/simulate_options.ts";
import { UsageError } from "../../lib/errors.ts";

function portOf(...args: readonly string[]): number | undefined {
  return readConfig({ args, env: {} }, { options: SIMULATE_OPTIONS }).flags.mqttPort;
}

Deno.test("an MQTT broker is simulated when a port is given for it", () => {
  assertEquals([portOf(), portOf("--mqtt-port", "8089"), portOf("--mqtt-port=0")], [undefined, 8089, 0]);
  for (const port of ["65536", "-1", "x", "1.5"]) {
    assertThrows(() => portOf(`--mqtt-port=${port}`), UsageError, "from 0 to 65535");
  }
});
