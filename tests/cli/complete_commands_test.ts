/** Commands that texts advise, with the settings that the run was given. */
import { assertEquals } from "@std/assert";
import { completeCommands, givenSettings, tellCommands } from "../../lib/cli/complete_commands.ts";
import { planRights } from "../../lib/cli/rights/plan_rights.ts";
import { PLAIN_DISK } from "../../lib/cli/rights/disk.ts";
import { SETTING_NAMES } from "../../lib/cli/rights/setting_names.ts";
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

Deno.test("commands that are passed on tell of relative folders and topics, and of nothing that names a machine or a user", () => {
  const shown = (settings: Readonly<Record<string, string>>) => {
    const { complete, untold } = tellCommands(settings);
    return [complete("deno task process"), untold];
  };
  assertEquals(shown({}), ["deno task process", null]);
  assertEquals(shown({ DATA_DIR: "../lake", KAFKA_TOPIC: "t", KAFKA_SSL: "true" }), [
    "deno task process --topic t --kafka-ssl=true --data-dir ../lake",
    null,
  ]);
  for (
    const folder of [
      "/home/matti/lake",
      "~/lake",
      "C:\\Users\\matti",
      "file:///home/matti",
      "\\\\server\\lake",
    ]
  ) {
    assertEquals(shown({ DATA_DIR: folder }), ["deno task process --data-dir '…'", "…"]);
  }
  assertEquals(
    shown({ KAFKA_BROKER: "10.0.0.7:9092", KAFKA_USERNAME: "matti", KAFKA_CA_FILE: "/etc/ca.pem" }),
    [
      "deno task process --broker '…' --kafka-ca-file '…' --kafka-username '…'",
      "…",
    ],
  );
});

Deno.test("what is told of no setting that anybody adds later, unless it says so here", () => {
  const all = Object.values(SETTING_NAMES).flat().filter(({ isSecret }) => isSecret !== true);
  const { complete } = tellCommands(Object.fromEntries(all.map(({ env }) => [env, "/home/matti"])));
  const commands = Object.keys(SCRIPTS).map((name) => complete(`deno task ${name}`)).join("\n");
  assertEquals(
    [...new Set(commands.matchAll(/--([-a-z]+)[ =]\/home/g).map(([, flag]) => flag))].sort(),
    ["group", "kafka-sasl-mechanism", "kafka-ssl", "partitions", "topic"],
  );
});

Deno.test("a completed command has the rights that the given settings have", () => {
  for (const [name, entry] of Object.entries(SCRIPTS)) {
    const args = completeCommands(`deno task ${name}`, { DATA_DIR: "lake" }).split(" ").slice(3);
    const rights = (call: { args: readonly string[]; env: Record<string, string> }) =>
      planRights(entry, call, PLAIN_DISK);
    assertEquals(rights({ args, env: {} }), rights({ args: [], env: { DATA_DIR: "lake" } }), name);
  }
});
