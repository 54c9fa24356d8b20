/** The permission broker of the notebook's kernel: reads what Deno asks on a socket, and answers; part of the host. */
import { type GrantedLists, grantRequests } from "../../lib/cli/rights/grant_requests.ts";

/** Listens at a socket until it is closed; what was left there by a process that was killed goes. */
export async function answerRequests(path: string, granted: GrantedLists): Promise<Deno.Listener> {
  await Deno.remove(path).catch(() => {});
  const listener = Deno.listen({ transport: "unix", path });
  (async () => {
    for await (const connection of listener) {
      answerAll(connection, granted).catch(() => connection.close());
    }
  })().catch(() => {});
  return listener;
}

/** One process is on one connection; each of its lines waits for its answer. */
async function answerAll(connection: Deno.Conn, granted: GrantedLists): Promise<void> {
  const grant = grantRequests(granted);
  const writer = connection.writable.getWriter();
  const encoder = new TextEncoder();
  let rest = "";
  for await (const text of connection.readable.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + text).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) {
      const request = JSON.parse(line);
      const result = grant(request) ? "allow" : "deny";
      await writer.write(encoder.encode(`${JSON.stringify({ id: request.id, result })}\n`));
    }
  }
}
