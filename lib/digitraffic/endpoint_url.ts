/** Addresses below the base address of the API. */

/** The address of an endpoint, and the same as messages show it: without credentials and query. */
export function endpointUrl(base: string, path: string): { readonly url: URL; readonly source: string } {
  const url = new URL(base);
  url.pathname = `${url.pathname.replace(/\/+$/, "")}/${path}`;
  return { url, source: `${url.origin}${url.pathname}` };
}
