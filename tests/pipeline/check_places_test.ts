import { assertEquals, assertThrows } from "@std/assert";
import { UsageError } from "../../lib/errors.ts";
import { checkPlaces } from "../../lib/pipeline/check_places.ts";

function faultOf(brokerFile: string | null, stateFile = "data/state.json"): string | null {
  try {
    checkPlaces({ dataDir: "data", stateFile, brokerFile });
    return null;
  } catch (error) {
    return assertThrows(() => {
      throw error;
    }, UsageError).faults.join("\n");
  }
}

Deno.test({
  name: "the publish state may be none of the files that the broker keeps open, however it is spelled",
  permissions: "none",
  fn() {
    const places = ["data/log", "./data/log", "data//x/../log", "data/log-wal", "data/log-shm"];
    for (const stateFile of places) {
      const expected =
        `Cannot use STATE_FILE "${stateFile}": found the broker's own file, expected another one`;
      assertEquals(faultOf("data/log", stateFile), expected);
    }
    assertEquals(faultOf("data/log.tmp", "data/log")?.includes("STATE_FILE"), true);
    assertEquals(faultOf("data/log", "data/log.json"), null);
    assertEquals(faultOf(null, "data/log"), null);
  },
});

Deno.test({
  name: "the broker's file may not lie in the folder of a table, which vacuum keeps clean",
  permissions: "none",
  fn() {
    for (
      const path of [
        "data/landing_zone/trains_travel/log.db",
        "./data/x/../quality_zone/batches/deep/log.db",
        "data/standard_zone/stations/log.db",
      ]
    ) {
      assertEquals(faultOf(path)?.startsWith(`Cannot use BROKER_FILE "${path}": found a place in`), true);
    }
    for (const path of ["data/broker.db", "data/landing_zone/log.db", "landing_zone/trains_travel/log.db"]) {
      assertEquals(faultOf(path), null);
    }
  },
});
