/** Listens for HTTP; part of the host. */
import { systemFault, UsageError } from "../../lib/errors.ts";

/** Where to listen, and until when. */
interface ListenPlace {
  readonly host: string;
  readonly port: number;
  readonly signal: AbortSignal;
}

/**
 * Serves until the signal; open answers are then given a moment.
 *
 * @throws {UsageError} When the port is taken.
 * @throws the reason of a signal that has fired
 */
export function listenHttp(
  { host, port, signal }: ListenPlace,
  handler: (request: Request) => Promise<Response>,
): Deno.HttpServer<Deno.NetAddr> {
  // Who was stopped while it started would serve for ever: Deno does not look at a signal that has fired.
  signal.throwIfAborted();
  const hostname = host.replace(/^\[|\]$/g, "");
  const onError = () => new Response("Internal Server Error\n", { status: 500 });
  try {
    return Deno.serve({ hostname, port, signal, onListen: () => {}, onError }, handler);
  } catch (cause) {
    if (systemFault(cause) === "missing right" || !(cause instanceof Error)) throw cause;
    const fault =
      `Cannot serve on "${host}:${port}": ${cause.message}, expected a free port; --port 0 finds one`;
    throw new UsageError([fault], { cause });
  }
}
