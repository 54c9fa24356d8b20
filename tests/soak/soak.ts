/** `deno task soak`: days of a simulated world in bad weather, followed by processes that are killed. */
import { parseArgs } from "@std/cli/parse-args";
import { runSoak } from "./run_soak.ts";

const USAGE = "deno task soak [--days 7] [--trains 1500] [--kills 20] [--seed 1] [--keep]";

const flags = parseArgs(Deno.args, {
  string: ["days", "trains", "kills", "seed"],
  boolean: ["help", "keep"],
});
if (flags.help) {
  console.log(USAGE);
  Deno.exit(0);
}
const [days = 7, trains = 1_500, kills = 20, seed = 1] = [flags.days, flags.trains, flags.kills, flags.seed]
  .map((
    text,
  ) => typeof text === "string" ? Number(text) : undefined);
if (![days, trains, kills, seed].every((number) => Number.isSafeInteger(number) && number >= 0) || days < 1) {
  console.error(`Cannot soak: found a number that is none, expected ${USAGE}`);
  Deno.exit(2);
}
const folder = await Deno.makeTempDir({ prefix: "ratalake-soak-" });
const result = await runSoak({ seed, days, trains, kills, folder, say: (line) => console.error(line) });
console.log(JSON.stringify(result, null, 2));
if (flags.keep) console.error(`kept ${folder}`);
else await Deno.remove(folder, { recursive: true });
const wrong = result.differences.length + result.analysisDifferences.length + result.unbalanced.length;
Deno.exit(wrong === 0 ? 0 : 1);
