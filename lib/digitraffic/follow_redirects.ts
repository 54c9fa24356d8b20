/**
 * Follows redirects within the host that was asked. A server that is not trusted must not send us to another one: to a
 * service on loopback, or to the address where a cloud keeps its secrets.
 */
import type { DigitrafficApi } from "./digitraffic_api.ts";
import { FetchError } from "./fetch_error.ts";

const REDIRECT_LIMIT = 5;
const REDIRECTS = new Set([301, 302, 303, 307, 308]);

/**
 * The first answer that is no redirect.
 *
 * @throws {FetchError} when one leads to another host or port, nowhere, or in circles
 */
export async function followRedirects(
  { fetch }: Pick<DigitrafficApi, "fetch">,
  request: Request,
): Promise<Response> {
  let url = new URL(request.url);
  for (let hops = 0; hops <= REDIRECT_LIMIT; hops++) {
    const response = await fetch(new Request(url, new Request(request, { redirect: "manual" })));
    if (!REDIRECTS.has(response.status)) return response;
    await response.body?.cancel();
    const location = response.headers.get("Location") ?? "";
    const next = URL.parse(location, url);
    if (location === "" || next === null) throw new FetchError("a redirect without an address");
    if (next.origin !== url.origin) throw new FetchError(`a redirect to ${next.origin}, which was not asked`);
    url = next;
  }
  throw new FetchError(`more than ${REDIRECT_LIMIT} redirects`);
}
