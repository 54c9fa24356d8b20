/** Listens for HTTP; part of the host. */
import { systemFault } from "../../lib/errors.ts";

/** Where to listen, and until when. */
interface ListenPlace {
  readonly host: string;
  readonly port: number;
  readonly signal: AbortSignal;
}

/**
 * Serves until the signal; open answers are then given a moment.
 *
 * @throws {Error} When the port is taken.
 */
export function listenHttp(
  { host, port, signal }: ListenPlace,
  handler: (request: Request) => Promise<Response>,
): Deno.HttpServer<Deno.NetAddr> {
  const hostname = host.replace(/^\[|\]$/g, "");
  const onError = () => new Response("Internal Server Error\n", { status: 500 });
  try {
    return Deno.serve({ hostname, port, signal, onListen: () => {}, onError }, handler);
  } catch (cause) {
    if (systemFault(cause) === "missing right" || !(cause instanceof Error)) throw cause;
    throw new Error(
      `Cannot serve on "${host}:${port}": ${cause.message}, expected a free port; --port 0 finds one`,
      {
        cause,
      },
    );
  }
}
