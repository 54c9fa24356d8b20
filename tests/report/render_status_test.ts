import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { renderStatus, renderStatusJson } from "../../lib/report/render_status.ts";
import { type FollowerStatus, nextSteps, type Status } from "../../lib/report/status.ts";

const STATUS: Status = {
  at: new Date("2025-02-17T05:00:00Z"),
  topic: "trains",
  broker: "embedded data_files/broker.db",
  brokerFault: null,
  logFault: null,
  partitions: [
    { partition: 0, waiting: 1200, landed: 5000, expired: 3, newlyExpired: 0, gaps: 1, unmerged: 0 },
    { partition: 1, waiting: 0, landed: 7, expired: 0, newlyExpired: 0, gaps: 0, unmerged: 2 },
  ],
  lastFetch: new Date("2025-02-17T04:58:30Z"),
  lastRun: { generatedAt: new Date("2025-02-17T04:00:00Z"), passed: false },
  newestMessage: null,
  tables: [{
    name: "landing",
    path: "landing_zone/trains_travel",
    version: 3,
    files: 2,
    rows: 5007,
    sizeBytes: 201_317,
  }],
  tableFaults: [],
  brokerBytes: 5_242_880,
  followers: [],
};

const PAGE = `Topic trains in embedded data_files/broker.db
partition  waiting  landed  expired  gaps  unmerged
0            1,200   5,000        3     1         0
1                0       7        0     0         2
all          1,200   5,007        3     1         2

last fetch      2025-02-17T04:58:30.000Z, 90 s ago
last process    2025-02-17T04:00:00.000Z, 60 min ago, FAILED
newest message  none

Tables
table                        rows  files      size
landing_zone/trains_travel  5,007      2    201 kB
broker file                            1  5,243 kB

Next
- \`deno task process\` merges 2 offsets that a run left between
- \`deno task process\` ingests 1,200 waiting offsets
- \`deno task report\` says why the last run failed`;

Deno.test("the status is one page of 80 columns, each figure in its place", () => {
  const text = renderStatus(STATUS, { colour: false });
  assertEquals(text.split("\n").map((line) => line.trimEnd()).join("\n"), PAGE);
  assert(text.split("\n").every((line) => line.length <= 80));
});

const FOLLOWER: FollowerStatus = {
  ...{
    role: "process",
    state: "running",
    topic: "trains",
    doing: "waiting for news",
    pid: 4711,
    host: "tampere",
  },
  ...{ startedAt: new Date("2025-02-17T02:00:00Z"), saidAt: new Date("2025-02-17T04:59:58Z") },
  ...{ counts: { batches: 7 }, gauges: { lagOffsets: 1200, latencyP50Ms: 240 } },
  errors: [{ at: new Date("2025-02-17T04:00:00Z"), message: "no \u001b[31mroom" }],
};

Deno.test("followers are told with what they do, how far behind they are, and their last trouble", () => {
  const lines = renderStatus({ ...STATUS, followers: [FOLLOWER] }, { colour: false }).split("\n");
  const at = lines.indexOf("Followers");
  assertEquals(lines.slice(at + 1, at + 4), [
    "process runs: waiting for news; 1,200 offsets waiting; publish to readable 0.24",
    "  s in the median; process 4711 on tampere, started 3 h ago",
    "- last trouble 60 min ago: no \\u001b[31mroom",
  ]);
});

Deno.test("what waits is nobody's step while process follows; a silent follower is one, an ended one is not", () => {
  const quiet = { ...STATUS, partitions: STATUS.partitions.slice(0, 1), lastRun: null };
  const steps = (followers: readonly FollowerStatus[]) => nextSteps({ ...quiet, followers });
  assertEquals(steps([FOLLOWER]), ["nothing; `deno task fetch` looks for news"]);
  assertEquals(steps([FOLLOWER, { ...FOLLOWER, role: "fetch" }]), ["nothing; fetch follows the feed"]);
  const waits = "`deno task process` ingests 1,200 waiting offsets";
  assertEquals(steps([{ ...FOLLOWER, state: "ended", doing: "" }]), [waits]);
  assertEquals(steps([{ ...FOLLOWER, state: "silent" }]), [
    "see whether process 4711 on tampere still runs: it hangs or was killed; `deno task process --follow` goes on from there",
    waits,
  ]);
});

Deno.test("a follower of another topic is told as such, and what waits here is not on its way", () => {
  const other = { ...FOLLOWER, topic: "other" };
  const text = renderStatus({ ...STATUS, followers: [other] }, { colour: false });
  assertEquals(text.includes("waiting for news; topic other;"), true, text);
  assertEquals(nextSteps({ ...STATUS, followers: [other] }), nextSteps(STATUS));
});

Deno.test("before there is anything the page says so, and names from outside cannot write on the terminal", () => {
  const empty = renderStatus({ ...STATUS, partitions: [], tables: [], brokerBytes: null, lastRun: null }, {
    colour: false,
  });
  assertEquals(empty.includes("does not exist yet"), true);
  const hostile = renderStatus({ ...STATUS, brokerFault: "\u001b[31mred" }, { colour: false });
  assertEquals(hostile.includes("\u001b"), false);
});

Deno.test("commands in a fault of the broker lead to the same tables, and nobody is told to start a file", () => {
  const completeCommands = (text: string) =>
    text.replaceAll("deno task reset", "deno task reset --data-dir /x");
  for (const fault of ["brokerFault", "logFault"]) {
    const status = { ...STATUS, [fault]: "it is damaged; run `deno task reset`" };
    const text = renderStatus(status, { colour: false, completeCommands });
    assertStringIncludes(text, "it is damaged; run `deno task reset --data-dir /x`\n");
    const json = JSON.parse(renderStatusJson(status, { completeCommands }));
    assertEquals(json[fault], "it is damaged; run `deno task reset --data-dir /x`");
  }
  const next = (broker: string) => nextSteps({ ...STATUS, broker, brokerFault: "it is damaged" })[0];
  assertEquals(next("embedded data_files/broker.db"), "see above: the broker's file cannot be read");
  assertEquals(next("kafka localhost:9092"), "start the broker, or mend KAFKA_BROKER");
});

Deno.test("the JSON has the same figures, their sums and what to do next", () => {
  const { sums, next, partitions, lastFetch } = JSON.parse(renderStatusJson(STATUS));
  assertEquals(sums, { waiting: 1200, landed: 5007, expired: 3, newlyExpired: 0, gaps: 1, unmerged: 2 });
  assertEquals([next.length, partitions.length, lastFetch], [3, 2, "2025-02-17T04:58:30.000Z"]);
});

Deno.test("a table that cannot be read is named with what to do, and what depends on it is not said to be nothing", () => {
  const fault =
    'Cannot open the table "landing_zone/trains_travel": \u001b[2J found no action in 0.json, expected one';
  const tableFaults = [
    { name: "landing", path: "landing_zone/trains_travel", fault },
    { name: "standard", path: "standard_zone/trains_travel", fault: "no" },
  ] as const;
  const status: Status = { ...STATUS, partitions: [], tables: [], lastRun: null, tableFaults };
  const text = renderStatus(status, { colour: false });
  assertStringIncludes(text, "nobody knows what waits while a table below cannot be read\n");
  assertStringIncludes(text, "last process    none\nnewest message  unknown\n");
  assertStringIncludes(text, "\nlanding_zone/trains_travel: Cannot open the table");
  assertEquals(text.includes("\u001b"), false);
  assert(text.split("\n").every((line) => line.length <= 80));
  assertEquals(nextSteps(status).length, 2);
  assertStringIncludes(nextSteps(status)[0] ?? "", "put it back from a copy; without one, `deno task reset`");
  assertStringIncludes(nextSteps(status)[1] ?? "", "remove its folder: `deno task process` rebuilds it from");
  assertEquals(JSON.parse(renderStatusJson(status)).tableFaults.length, 2);
});
