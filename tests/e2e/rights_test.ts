/** Promise 5: each script has its own rights and no more, wherever its settings lead. */

import { assert, assertEquals, assertFalse, assertStringIncludes } from "@std/assert";
import { SETTING_NAMES } from "../../lib/cli/rights/setting_names.ts";
import { SCRIPTS } from "../../lib/cli/rights/script_table.ts";
import { denoArguments, readProjectConfig, runScript } from "./script_process.ts";

const ROOT = new URL("../../", import.meta.url);
const LAUNCHED = "deno run --quiet --no-prompt -P=launch scripts/launch.ts";

/** What nobody may do, whatever the settings. */
const NEVER = [
  "read /etc/passwd",
  "read deno.json",
  "read ../lake2/file",
  "write ./probe",
  "write deno.json",
  "write scripts/process.ts",
  "write lib/probe",
  "write node_modules/probe",
  "write ../probe",
  "write ../lake2/file",
  "net example.com:443",
  "net 169.254.169.254:80",
  "net localhost:1",
  "listen 0.0.0.0",
  "run true",
  "run deno",
  "env HOME",
  "env PATH",
  "env AWS_SECRET_ACCESS_KEY",
  "env NODE_ENV",
  "sys loadavg",
  "ffi /lib/libc.so.6",
];
/** What each may do only where it is said. */
const PLACES = [
  "read data_files/file",
  "write data_files/file",
  "read ../lake/file",
  "write ../lake/file",
  "read /srv/log/trains.db",
  "write /srv/log/trains.db",
  "read /srv/log/other",
  "write /srv/log/other",
  "read ca.crt",
  "write ca.crt",
  "net rata.digitraffic.fi:443",
  "net redpanda-0.invalid:9092",
  "net redpanda-1.invalid:9093",
  "net redpanda-1.invalid:9092",
  "net [::1]:9",
];

const KAFKA = "redpanda-0.invalid:9092,redpanda-1.invalid:9093,[::1]:9";
const ELSEWHERE = { DATA_DIR: "../lake" };
const WITH_KAFKA = { ...ELSEWHERE, KAFKA_BROKER: KAFKA, KAFKA_CA_FILE: "ca.crt" };
const LAKE = ["read ../lake/file", "write ../lake/file"];
const BROKERS = ["read ca.crt", "net redpanda-0.invalid:9092", "net redpanda-1.invalid:9093", "net [::1]:9"];

/** Script, flags, settings, and which of PLACES it then may use. */
const CASES:
  readonly (readonly [string, readonly string[], Readonly<Record<string, string>>, readonly string[]])[] = [
    ["process", [], {}, ["read data_files/file", "write data_files/file"]],
    ["process", [], ELSEWHERE, LAKE],
    ["process", [], WITH_KAFKA, [...LAKE, ...BROKERS]],
    ["process", ["--data-dir=../lake"], { DATA_DIR: "/etc" }, LAKE],
    ["fetch", [], {}, ["read data_files/file", "write data_files/file", "net rata.digitraffic.fi:443"]],
    ["fetch", [], { ...WITH_KAFKA, DIGITRAFFIC_URL: "http://[::1]:9/api" }, [...LAKE, ...BROKERS]],
    ["fetch", ["--metadata"], { ...WITH_KAFKA, BROKER_FILE: "/srv/log/trains.db" }, [
      ...LAKE,
      "net rata.digitraffic.fi:443",
    ]],
    ["replay", ["/srv/log/trains.db"], ELSEWHERE, [...LAKE, "read /srv/log/trains.db"]],
    ["replay", ["/srv/log/*.db"], ELSEWHERE, [...LAKE, "read /srv/log/trains.db", "read /srv/log/other"]],
    ["report", [], {}, ["read data_files/file"]],
    ["report", [], WITH_KAFKA, ["read ../lake/file"]],
    ["report", [], { BROKER_FILE: "/srv/log/trains.db" }, [
      "read data_files/file",
      "read /srv/log/trains.db",
    ]],
    ["report", ["--out", "/srv/log/other"], ELSEWHERE, [
      "read ../lake/file",
      "read /srv/log/other",
      "write /srv/log/other",
    ]],
    ["report", ["--format=junit", "--out=-"], {}, ["read data_files/file"]],
    ["status", [], {}, ["read data_files/file"]],
    ["status", [], WITH_KAFKA, ["read ../lake/file", ...BROKERS]],
    ["quarantine", ["list"], {}, ["read data_files/file"]],
    ["quarantine", ["show", "0:1"], WITH_KAFKA, ["read ../lake/file"]],
    ["quarantine", ["replay", "--dry-run"], ELSEWHERE, ["read ../lake/file"]],
    ["quarantine", ["replay", "--yes"], WITH_KAFKA, LAKE],
    ["analyse", ["--rebuild"], WITH_KAFKA, LAKE],
    ["punctuality", ["--by", "hour"], WITH_KAFKA, ["read ../lake/file"]],
    ["train", ["IC", "27"], ELSEWHERE, ["read ../lake/file"]],
    ["train", ["IC", "27", "--format=html", "--out=/srv/log/other"], ELSEWHERE, [
      "read ../lake/file",
      "read /srv/log/other",
      "write /srv/log/other",
    ]],
    ["station", ["TPE"], ELSEWHERE, ["read ../lake/file"]],
    ["charts", ["--line=HKI-TPE"], WITH_KAFKA, ["read ../lake/file"]],
    ["charts", ["--out", "/srv/log/other"], {}, [
      "read data_files/file",
      "read /srv/log/other",
      "write /srv/log/other",
    ]],
    ["sql", ["select 1"], WITH_KAFKA, ["read ../lake/file"]],
    ["sql", ["--file", "/srv/log/trains.db", "--out=/srv/log/other"], {}, [
      "read data_files/file",
      "read /srv/log/trains.db",
      "read /srv/log/other",
      "write /srv/log/other",
    ]],
    ["export", ["train_runs", "--format=parquet", "--out=/srv/log/other"], ELSEWHERE, [
      "read ../lake/file",
      "read /srv/log/other",
      "write /srv/log/other",
    ]],
    ["reset", [], {}, ["read data_files/file", "write data_files/file"]],
    ["reset", [], WITH_KAFKA, LAKE],
    ["table", ["cat", "../lake"], {}, ["read ../lake/file"]],
    ["table", ["vacuum", "../lake", "--dry-run"], {}, ["read ../lake/file"]],
    ["table", ["vacuum", "../lake"], {}, LAKE],
    ["table", ["checkpoint", "../lake"], {}, LAKE],
    ["table", ["cat", "../lake", "--out", "/srv/log/other"], {}, [
      "read ../lake/file",
      "read /srv/log/other",
      "write /srv/log/other",
    ]],
    ["simulate", [], WITH_KAFKA, []],
    ["demo", [], WITH_KAFKA, []],
  ];

for (const [script, args, env, expected] of CASES) {
  const given = [...args, ...Object.entries(env).map(([name, value]) => `${name}=${value}`)].join(" ");
  Deno.test(`${script} may do what it needs and no more: ${given || "as it is"}`, async () => {
    const allowed = await probe(script, { args, env, wishes: [...NEVER, ...PLACES] });
    assertEquals(allowed.toSorted(), expected.toSorted());
  });
}

/** Runs the probe in the place of the script, with the very flags of the script. */
async function probe(script: string, { args, env, wishes }: {
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly wishes: readonly string[];
}): Promise<readonly string[]> {
  const planned = await denoArguments(script, args, env);
  const flags = planned.slice(0, planned.indexOf(`scripts/${script}.ts`));
  const command = new Deno.Command(Deno.execPath(), {
    args: [...flags, "tests/e2e/probe_rights.ts", ...wishes],
    cwd: ROOT,
    env: { NO_COLOR: "1", AWS_SECRET_ACCESS_KEY: "secret", NODE_ENV: "test" },
  });
  const { code, stdout, stderr } = await command.output();
  assertEquals([code, new TextDecoder().decode(stderr)], [0, ""]);
  return JSON.parse(new TextDecoder().decode(stdout));
}

Deno.test("no task runs with all rights, and each script is started by the launcher under the set of its name", async () => {
  const { tasks, permissions } = await readProjectConfig();
  for (const [name, { command }] of Object.entries(tasks)) {
    assertFalse(/(?:^|\s)(?:-A|--allow-)/.test(command), `${name}: ${command}`);
  }
  for (const name of Object.keys(SCRIPTS)) {
    assertEquals(tasks[name]?.command, `${LAUNCHED} ${name}`);
    const set = permissions[name] ?? {};
    assertEquals([name, Object.values(set).includes(true), set.run], [name, false, undefined]);
    assert((await denoArguments(name, [], {})).includes(`-P=${name}`));
  }
  assertEquals(permissions.launch?.run, ["/proc/self/exe", "deno"]);
  assertEquals([permissions.launch?.write, permissions.launch?.net], [undefined, undefined]);
});

Deno.test("with the usual settings a script needs no flag beside its set", async () => {
  for (const name of Object.keys(SCRIPTS)) {
    if (name === "table" || name === "replay") continue;
    // The same flags for all: V8 keeps compiled code for one set of them.
    const engine = ["--unstable-lazy-dynamic-imports", "--v8-flags=--expose-gc,--max-semi-space-size=4"];
    const expected = ["run", "--quiet", "--no-prompt", `-P=${name}`, ...engine];
    assertEquals(await denoArguments(name, [], {}), [...expected, `scripts/${name}.ts`]);
  }
});

Deno.test("every script has help of 80 columns with an example and its exit codes, and the launcher knows every flag in it", async () => {
  for (const [name, { settings, switches = [], valued = [], variables = {} }] of Object.entries(SCRIPTS)) {
    const { code, out, err } = await runScript(name, ["--help"], {});
    assertEquals([name, code, err], [name, 0, ""]);
    for (const part of ["Usage:", `deno task ${name}`, "Example:", "Exit codes:", "130"]) {
      assertStringIncludes(out, part);
    }
    assertEquals(out.split("\n").filter((line) => line.length > 80), []);
    const [, flags = ""] = /\nFlags:\n([\s\S]*?)\n\n/.exec(out) ?? [];
    const shown = [...flags.matchAll(/^ {2}--(\S+)( \S+)?(?: |$)/gm)].map(([, flag, value]) =>
      `${flag} ${value ? "value" : ""}`
    );
    const names = [...settings, "log" as const].flatMap((group) => SETTING_NAMES[group])
      .filter(({ isSecret }) => !isSecret);
    const known = [
      ...switches.map((flag) => `${flag} `),
      ...valued.map((flag) => `${flag} value`),
      ...names.map(({ flag, isSwitch }) => `${flag} ${isSwitch ? "" : "value"}`),
    ];
    const own = [...out.matchAll(/^ {2}(\w+) +same as --(\S+);/gm)].map(([, env, flag]) =>
      [flag, env] as const
    )
      .filter(([flag]) => !names.some((setting) => setting.flag === flag));
    assertEquals(Object.fromEntries(own), variables, name);
    const standard = ["help ", ...(valued.includes("version") ? [] : ["version "])];
    assertEquals(shown.toSorted(), [...known, ...standard].toSorted(), name);
  }
});
