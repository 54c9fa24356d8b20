/** `deno task pipeline` as a user types it. */
import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { planSteps } from "../../lib/cli/pipeline_steps.ts";
import { openBroker } from "../../lib/broker/open_broker.ts";
import { serveSimulator } from "../../lib/simulator/serve_simulator.ts";
import { FIRST_ROUND_MS, makeRound, trainMessage } from "../pipeline/made_up_log.ts";
import { DataFolder, type Ended, endOf } from "./script_process.ts";

const ROOT = new URL("../../", import.meta.url);

function start(args: readonly string[], env: Readonly<Record<string, string>> = {}): Deno.ChildProcess {
  const command = new Deno.Command(Deno.execPath(), {
    args: ["task", "--quiet", "pipeline", ...args],
    cwd: ROOT,
    env: { NO_COLOR: "1", LOG_LEVEL: "error", KAFKA_BROKER: "", DATA_DIR: "", ...env },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  });
  return command.spawn();
}

function run(args: readonly string[], env?: Readonly<Record<string, string>>): Promise<Ended> {
  return endOf(start(args, env));
}

const namesIn = (folder: DataFolder) => [...Deno.readDirSync(folder.file(""))].map(({ name }) => name).sort();

Deno.test("a flag goes to every step that knows it, and to no other", () => {
  const args = [
    "--data-dir",
    "x",
    "--json",
    "--full",
    "--max-batch-mb=4",
    "--broker",
    "a:1",
    "--log-level",
    "debug",
  ];
  assertEquals(planSteps(args), [
    {
      script: "fetch",
      args: ["--full=true", "--json=true", "--broker=a:1", "--data-dir=x", "--log-level=debug"],
    },
    {
      script: "process",
      args: ["--json=true", "--max-batch-mb=4", "--broker=a:1", "--data-dir=x", "--log-level=debug"],
    },
    { script: "report", args: ["--json=true", "--broker=a:1", "--data-dir=x", "--log-level=debug"] },
  ]);
  assertEquals(planSteps([]).map((step) => step.args), [[], [], []]);
  const report = ["--format=junit", "--out=q.xml", "--fail-on=warn"];
  assertEquals(planSteps(report).map((step) => step.args), [[], [], report]);
});

Deno.test("fetch, process and report run one after the other on the folder that is given once", async () => {
  await using folder = new DataFolder();
  await using simulator = serveSimulator({ seed: 1, trains: 5, clock: () => FIRST_ROUND_MS });
  const { code, out, err } = await run(["--data-dir", folder.path, "--json"], {
    DIGITRAFFIC_URL: simulator.url,
  });
  assertEquals([code, err], [0, ""]);
  const [fetched, processed, reported] = out.trim().split("\n").map((line) => JSON.parse(line));
  assertEquals([fetched.published, processed.messages, reported.run.account.landed], [5, 5, 5]);
});

Deno.test("a quality below the threshold is the exit code of the pipeline", async () => {
  await using folder = new DataFolder();
  await using simulator = serveSimulator({ seed: 1, trains: 5, clock: () => FIRST_ROUND_MS });
  const train = JSON.parse(new TextDecoder().decode(makeRound(1, 2, FIRST_ROUND_MS)[0]?.value ?? undefined));
  const [first, ...rest] = train.timeTableRows;
  const late = {
    ...train,
    timeTableRows: [{ ...first, actualTime: "2036-01-01T00:00:00Z" }, ...rest],
    version: 9e14,
  };
  {
    await using broker = await openBroker({ path: folder.file("broker.db"), clock: () => FIRST_ROUND_MS });
    await broker.ensureTopic("digitraffic_live_trains", 3);
    await broker.publish("digitraffic_live_trains", [trainMessage(late)]);
  }
  const { code, out, err } = await run([], { DATA_DIR: folder.path, DIGITRAFFIC_URL: simulator.url });
  assertEquals(code, 3);
  assertStringIncludes(out, "FAILED");
  assertMatch(err, /^\S+ error +pipeline: report ended with exit code 3\n$/);
});

Deno.test("the first step that fails is the last, and is named in one line", async () => {
  await using folder = new DataFolder();
  await Deno.writeFile(folder.file("broker.db"), new Uint8Array(20_000).fill(7));
  const { code, out, err } = await run(["--data-dir", folder.path]);
  assertEquals([code, out], [1, ""]);
  assertMatch(
    err,
    /^fetch: Cannot open .*\n\S+ error +pipeline: fetch ended with exit code 1; process and report did not run\n$/,
  );
  assertEquals(namesIn(folder), ["broker.db"]);
});

Deno.test("help and wrong flags do nothing", async () => {
  await using folder = new DataFolder();
  const env = { DATA_DIR: folder.path };
  const help = await run(["--help"], env);
  assertEquals([help.code, help.err], [0, ""]);
  for (const part of ["deno task pipeline", "--full", "--max-batch-mb", "--data-dir", "Exit codes:"]) {
    assertStringIncludes(help.out, part);
  }
  assertEquals(help.out.split("\n").filter((line) => line.length > 80), []);
  for (const wrong of [["--no-such-flag"], ["--max-batch-mb", "0"], ["file"], ["--data-dir", "a,b"]]) {
    const { code, out, err } = await run(wrong, env);
    assertEquals([wrong, code, out], [wrong, 2, ""]);
    assertMatch(err, /^pipeline: Cannot use /);
  }
  assertEquals(namesIn(folder), []);
});

Deno.test("Ctrl-C ends the step at hand and all that would follow", async () => {
  await using folder = new DataFolder();
  // Takes the request and never answers.
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const env = { DATA_DIR: folder.path, DIGITRAFFIC_URL: `http://127.0.0.1:${listener.addr.port}` };
  await using child = start([], env);
  const ended = endOf(child);
  using _connection = await listener.accept();
  child.kill("SIGINT");
  const { code, out, err } = await ended;
  assertEquals([code, out], [130, ""]);
  assertEquals(err, "fetch: stopped by SIGINT\npipeline: stopped by SIGINT\n");
});
