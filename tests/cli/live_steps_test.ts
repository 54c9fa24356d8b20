import { assertEquals } from "@std/assert";
import { planLive } from "../../lib/cli/live_steps.ts";

function plan(
  args: readonly string[],
  more: { readonly simulate?: boolean; readonly dataDir?: string } = {},
) {
  const { simulate = false, dataDir } = more;
  const steps = planLive({ args, env: { DATA_DIR: dataDir }, simulate, trains: 1500, simulatorPort: 8088 });
  return Object.fromEntries(steps.map((step) => [step.name, step.args]));
}

Deno.test("each flag of live goes to the processes that know it, and no other", () => {
  assertEquals(
    plan(["--data-dir", "lake", "--max-batch-mb=8", "--port=9000", "--broker", "h:9092", "--kafka-ssl"]),
    {
      fetch: ["--follow", "--kafka-ssl=true", "--broker=h:9092", "--data-dir=lake"],
      metadata: ["--metadata", "--kafka-ssl=true", "--broker=h:9092", "--data-dir=lake"],
      process: ["--follow", "--kafka-ssl=true", "--max-batch-mb=8", "--broker=h:9092", "--data-dir=lake"],
      serve: ["--port=9000", "--data-dir=lake"],
    },
  );
});

Deno.test("a simulated world is fetched from the simulator, into a folder of its own unless one is named", () => {
  const world = ["--world", "--port=8088", "--trains=1500"];
  const url = "--digitraffic-url=http://127.0.0.1:8088/api/v1";
  const folder = "--data-dir=data_files/live";
  assertEquals(plan(["--simulate"], { simulate: true }), {
    simulate: world,
    fetch: ["--follow", folder, url],
    metadata: ["--metadata", folder, url],
    process: ["--follow", folder],
    serve: [folder],
  });
  const mqtt = plan(["--simulate", "--mqtt", "--mqtt-url=wss://real.example/mqtt"], { simulate: true });
  assertEquals(mqtt.simulate, [...world, "--mqtt-port=8089"]);
  assertEquals(mqtt.fetch?.at(-1), "--mqtt-url=ws://127.0.0.1:8089/mqtt");
  assertEquals(plan(["--mqtt"]).fetch, ["--follow", "--mqtt=true"]);
  assertEquals(plan(["--simulate"], { simulate: true, dataDir: "lake" }).serve, []);
  assertEquals(plan(["--data-dir=lake"], { simulate: true }).serve, ["--data-dir=lake"]);
});
