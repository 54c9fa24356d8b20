/** The side of the simulator that listens, and that can end connections without an answer. */
import { setImmediate as nextTurn } from "node:timers/promises";
import { systemFault, UsageError } from "../errors.ts";

const HOSTNAME = "127.0.0.1";
const RESTARTS = 1_000;

/** A listening server. */
export interface Listener {
  readonly port: number;
  /** Ends all requests, also those that hang. */
  close(): Promise<void>;
}

/**
 * Listens on the loopback interface; port 0 is any free one. Where the handler gives null, all connections end and the
 * server listens anew on the same port, as no server can end one of them alone.
 */
export function listen(port: number, handler: (request: Request) => Response | null): Listener {
  let running = serve(port, answerOrDrop);
  let restarted: Promise<void> | undefined;
  function answerOrDrop(request: Request): Response | Promise<Response> {
    const answer = handler(request);
    if (answer !== null) return answer;
    restarted ??= restart();
    // When it fails, nobody is answered any more, and closing says why.
    restarted.catch(() => {});
    return new Promise<Response>(() => {});
  }
  async function restart(): Promise<void> {
    const { port } = running.server.addr;
    await running.close();
    for (let attempt = 1;; attempt++) {
      try {
        running = serve(port, answerOrDrop);
        break;
      } catch (error) {
        // Another program may have the port for a moment.
        if (attempt === RESTARTS) throw error;
        await nextTurn();
      }
    }
    restarted = undefined;
  }
  return {
    port: running.server.addr.port,
    async close() {
      await restarted;
      await running.close();
    },
  };
}

interface Running {
  readonly server: Deno.HttpServer<Deno.NetAddr>;
  close(): Promise<void>;
}

function serve(port: number, handler: (request: Request) => Response | Promise<Response>): Running {
  const stop = new AbortController();
  const options = { port, hostname: HOSTNAME, signal: stop.signal, onListen: () => {}, onError: refuse };
  try {
    const server = Deno.serve(options, handler);
    return {
      server,
      close: () => {
        stop.abort();
        return server.finished;
      },
    };
  } catch (cause) {
    if (systemFault(cause) === "missing right" || !(cause instanceof Error)) throw cause;
    const fault =
      `Cannot serve on "${HOSTNAME}:${port}": ${cause.message}, expected a free port; --port and ` +
      "--mqtt-port name others (--simulator-port of `deno task live`)";
    throw new UsageError([fault], { cause });
  }
}

function refuse(error: unknown): Response {
  const text = error instanceof Error ? error.message : "Internal Server Error";
  return new Response(text, { status: 500, headers: { "Content-Type": "text/plain" } });
}
