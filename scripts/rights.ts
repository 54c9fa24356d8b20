/** `deno task rights`: prints the whole command of a script, with the rights that its settings need. */
import { getLogger } from "../lib/packages/logtape.ts";
import { UsageError } from "../lib/errors.ts";
import { switchOption } from "../lib/cli/options.ts";
import { PIPELINE_ENTRY } from "../lib/cli/pipeline_steps.ts";
import { type ScriptEntry, SCRIPTS } from "../lib/cli/rights/script_table.ts";
import { shellLine } from "../lib/printable.ts";
import { ownOptions, settingsAsFlags, variablesOf } from "../lib/cli/rights_line.ts";
import { runScript } from "./host/run_script.ts";
import { planHere } from "./host/start_deno.ts";

const [name = ""] = Deno.args;
const ALL: ScriptEntry = { settings: ["digitraffic", "broker", "tables", "state"] };
const entries: Readonly<Record<string, ScriptEntry>> = { ...SCRIPTS, pipeline: PIPELINE_ENTRY };
const entry = Object.hasOwn(entries, name) ? entries[name] ?? ALL : ALL;
const env = () =>
  Object.fromEntries(variablesOf(entry).map((setting) => [setting.env, Deno.env.get(setting.env)]));

await runScript({
  name: "rights",
  summary:
    "Prints the command with which a script runs without its task, for cron, systemd and containers.\n" +
    "It works in the project's folder, and has exactly the rights that these flags and variables need.",
  example: "deno task rights process --data-dir /srv/lake --broker redpanda-0:9092\n" +
    "deno task rights process --compile",
  settings: entry.settings,
  options: {
    ...ownOptions(entry),
    compile: switchOption("the command that compiles a binary with these rights instead"),
  },
  positionals: {
    value: "script [argument...]",
    summary: `${Object.keys(entries).join(", ")}; then what it is to be given`,
    least: 1,
    most: Infinity,
  },
  run: ({ flags: { compile }, print }) => {
    const given = Deno.args.slice(1).filter((arg) => arg !== "--compile");
    const { flags, secrets } = settingsAsFlags(entry, { args: given, env: env() });
    const { command, faults } = planHere(name, {
      args: [...flags, ...given],
      ...(compile
        ? { packages: [...Deno.readDirSync("node_modules/.deno")].map((folder) => folder.name) }
        : {}),
    });
    if (faults.length > 0) throw new UsageError(faults);
    const logger = getLogger(["ratalake", "rights"]);
    for (const secret of secrets) {
      logger.warn("{secret} is not in the line: set it where the line runs", { secret });
    }
    print(shellLine(["deno", ...command]));
    return Promise.resolve(0);
  },
});
