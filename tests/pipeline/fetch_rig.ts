/** An API, a broker and a state file for a round of fetch, in a folder of the test. */
import type { Broker, LogRecord } from "../../lib/broker/broker.ts";
import { openEmbeddedBroker } from "../../lib/broker/embedded/embedded_broker.ts";
import { fetchTrains, type FetchTrainsOptions } from "../../lib/pipeline/fetch_trains.ts";
import { serveSimulator, type Simulator } from "../../lib/simulator/serve_simulator.ts";
import { createTestApi } from "../digitraffic/test_api.ts";
import { readAll } from "../digitraffic/test_broker.ts";

/** When every round is. */
export const AT_MS = Date.parse("2025-02-17T04:21:00Z");
/** Topic of all these tests. */
export const TOPIC = "trains";
const FOLDER = Deno.makeTempDirSync();
/** What a round needs. */
export const RIGHTS = { net: ["127.0.0.1"], read: [FOLDER], write: [FOLDER] };

globalThis.addEventListener("unload", () => Deno.removeSync(FOLDER, { recursive: true }));

/** An API, a broker and a state file of their own. */
export interface World extends AsyncDisposable {
  readonly server: Simulator;
  readonly broker: Broker;
  readonly folder: string;
  readonly statePath: string;
  fetch(overrides?: Partial<FetchTrainsOptions>): ReturnType<typeof fetchTrains>;
  records(): Promise<readonly LogRecord[]>;
}

/** A world of so many trains. */
export async function createWorld(trains = 60): Promise<World> {
  const folder = await Deno.makeTempDir({ dir: FOLDER });
  const server = serveSimulator({ seed: 5, trains, clock: () => AT_MS });
  const broker = await openEmbeddedBroker({
    path: `${folder}/broker.db`,
    clock: () => AT_MS,
    isSynced: false,
  });
  const statePath = `${folder}/state.json`;
  const { api } = createTestApi({ url: server.url });
  return {
    server,
    broker,
    folder,
    statePath,
    fetch: (overrides = {}) =>
      fetchTrains({ api, broker, topic: TOPIC, partitions: 3, statePath, ...overrides }),
    records: () => readAll(broker, TOPIC),
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]();
      await broker[Symbol.asyncDispose]();
      await Deno.remove(folder, { recursive: true });
    },
  };
}

/** A server whose answer is set by hand. */
export function serveText(text: () => string): AsyncDisposable & { readonly url: string } {
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    () => new Response(text()),
  );
  return { url: `http://127.0.0.1:${server.addr.port}`, [Symbol.asyncDispose]: () => server.shutdown() };
}
