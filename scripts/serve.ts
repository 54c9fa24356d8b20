/** `deno task serve`: the live page of the tables, in a browser. */
import { SERVE_OPTIONS } from "../lib/cli/flags/serve_options.ts";
import { runScript } from "./host/run_script.ts";

await runScript({
  name: "serve",
  summary:
    "Serves a page that shows the trains on the way, moving, as the tables have them, until Ctrl-C;\n" +
    "/healthz and /metrics (Prometheus) say how the followers are. Nothing can be changed over it.",
  example: "deno task serve\ndeno task serve --data-dir /srv/lake --port 8091",
  settings: ["tables"],
  options: SERVE_OPTIONS,
  run: async (call) => (await import("./work/serve.ts")).servePage(call),
});
