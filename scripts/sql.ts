/** `deno task sql`: answers a question in SQL over all tables of the lake; looks and changes nothing. */
import { SQL_OPTIONS } from "../lib/sql/sql_options.ts";
import { runScript } from "./host/run_script.ts";

await runScript({
  name: "sql",
  summary:
    "Answers a question in SQL over all tables of the lake. Reads only the files and columns that the\n" +
    "question needs. Without one it lists the tables. The question may also come on standard input.",
  example: 'deno task sql "select trainNumber, lastSeen from train_runs limit 5"\n' +
    "deno task sql --tables",
  positionals: {
    value: "question",
    summary: 'a SELECT, between quotes; "-" reads it from standard input',
    least: 0,
    // A question without quotes is many words: lib/sql says what to do.
    most: Infinity,
  },
  settings: ["tables"],
  options: SQL_OPTIONS,
  run: async (call) => (await import("./work/answers/sql.ts")).askInSql(call),
});
