/** Commands that texts advise, with the settings that the run was given. */
import { assertEquals } from "@std/assert";
import { completeCommands, givenSettings } from "../../lib/cli/complete_commands.ts";
import { planRights } from "../../lib/cli/rights/plan_rights.ts";
import { PLAIN_DISK } from "../../lib/cli/rights/disk.ts";
import { SCRIPTS } from "../../lib/cli/rights/script_table.ts";

const SETTINGS = {
  DATA_DIR: "/srv/my lake",
  KAFKA_TOPIC: "trains",
  DIGITRAFFIC_URL: "http://127.0.0.1:8081",
};

Deno.test("a command gets the settings that its script takes, behind its name, spelled for a shell", () => {
  assertEquals(
    completeCommands("run `deno task fetch`, then `deno task report --explain S1`", SETTINGS),
    "run `deno task fetch --digitraffic-url http://127.0.0.1:8081 --topic trains --data-dir '/srv/my lake'`, " +
      "then `deno task report --topic trains --data-dir '/srv/my lake' --explain S1`",
  );
  assertEquals(
    completeCommands("One of them whole: deno task quarantine show 0:12", { DATA_DIR: "x" }),
    "One of them whole: deno task quarantine --data-dir x show 0:12",
  );
  assertEquals(
    completeCommands("deno task process", { KAFKA_SSL: "true", DATA_DIR: "-x" }),
    "deno task process --kafka-ssl=true --data-dir=-x",
  );
});

Deno.test("what has the setting already, takes none, or is no script of ours stays as it is", () => {
  for (
    const text of [
      "deno task process --data-dir=elsewhere",
      "deno task process --data-dir elsewhere --json",
      "deno task simulate, deno task test, deno task compile:fetch",
      "denotask process and deno tasks process",
    ]
  ) assertEquals(completeCommands(text, { DATA_DIR: "x" }), text);
  assertEquals(completeCommands("`deno task process`", {}), "`deno task process`");
});

Deno.test("settings come from flags and variables; defaults, secrets and the looks of log lines are left out", () => {
  const settings = (args: readonly string[], env = {}) => givenSettings("process", { args, env });
  assertEquals(settings([]), {});
  assertEquals(settings(["--data-dir", "data_files/", "--json"]), {});
  assertEquals(settings(["--data-dir=x"], { DATA_DIR: "y" }), { DATA_DIR: "x" });
  assertEquals(
    settings(["--kafka-ssl", "--log-format=json"], {
      KAFKA_BROKER: "b:9092",
      KAFKA_PASSWORD: "hunter2",
      LOG_LEVEL: "debug",
      STATE_FILE: "no setting of process",
    }),
    { KAFKA_BROKER: "b:9092", KAFKA_SSL: "true" },
  );
  assertEquals(givenSettings("no script", { args: [], env: {} }), {});
});

Deno.test("a completed command has the rights that the given settings have", () => {
  for (const [name, entry] of Object.entries(SCRIPTS)) {
    const args = completeCommands(`deno task ${name}`, { DATA_DIR: "lake" }).split(" ").slice(3);
    const rights = (call: { args: readonly string[]; env: Record<string, string> }) =>
      planRights(entry, call, PLAIN_DISK);
    assertEquals(rights({ args, env: {} }), rights({ args: [], env: { DATA_DIR: "lake" } }), name);
  }
});
