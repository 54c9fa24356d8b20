/** What `deno task serve` does; a module of its own, so that `--help` need not load it. */
import { setTimeout as sleep } from "node:timers/promises";
import type { Call } from "../../lib/cli/run_command.ts";
import { EXIT_CODES } from "../../lib/cli/exit_code.ts";
import type { SERVE_OPTIONS } from "../../lib/cli/flags/serve_options.ts";
import { answerRequest } from "../../lib/live/answer_request.ts";
import { LiveFeed } from "../../lib/live/live_feed.ts";
import { LiveLook } from "../../lib/pipeline/live/look_live.ts";
import { policyIn } from "../host/policy_file.ts";
import { readHeartbeats } from "../host/read_heartbeats.ts";
import { listenHttp } from "../host/listen_http.ts";
import { answerSource } from "./answers/answer_source.ts";
import script from "../../lib/live/live_client.js" with { type: "text" };

/** Pages are told what is new twice a second. */
const REFRESH_MS = 500;

/** Resolves to the exit code. */
export async function servePage(
  { config, flags: { port, host }, signal, print }: Call<typeof SERVE_OPTIONS>,
): Promise<number> {
  const { dataDir } = config;
  const heartbeats = () => readHeartbeats(dataDir);
  const source = answerSource(config);
  const looking = new LiveLook({ source, policyFile: policyIn(dataDir), clock: Date.now, heartbeats });
  const look = () => looking.look();
  const feed = new LiveFeed({ look });
  const site = { feed, look, title: dataDir, script, hosts: new Set(["localhost", host.toLowerCase()]) };
  const server = listenHttp({ host, port, signal }, (request) => answerRequest(request, site));
  print(`Trains now: http://${host}:${server.addr.port}/`);
  signal.addEventListener("abort", () => feed.close(), { once: true });
  while (!signal.aborted) {
    await feed.refresh();
    await sleep(REFRESH_MS, undefined, { signal }).catch(() => {});
  }
  await server.finished;
  return EXIT_CODES.done.code;
}
