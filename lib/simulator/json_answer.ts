/**
 * Answers as the API writes them.
 *
 * @module
 */

/** Enough text at once to keep the compressor busy, little enough to hold. */
const CHUNK_CHARACTERS = 256 * 1024;

/** JSON, compressed as it is made. */
export function gzipJson(parts: Iterable<string>): Response {
  const body = ReadableStream.from(parts)
    .pipeThrough(new TextEncoderStream())
    .pipeThrough(new CompressionStream("gzip"));
  return new Response(body, {
    headers: {
      "Content-Type": "application/json;charset=utf-8",
      "Content-Encoding": "gzip",
      "Vary": "Accept-Encoding",
    },
  });
}

/** A JSON array in parts, of which each is made when it is asked for. */
export function* arrayJson(elements: Iterable<unknown>): Generator<string, void, undefined> {
  let text = "[";
  let first = true;
  for (const element of elements) {
    text += `${first ? "" : ","}${JSON.stringify(element)}`;
    first = false;
    if (text.length < CHUNK_CHARACTERS) continue;
    yield text;
    text = "";
  }
  yield `${text}]`;
}

/** What the API says to a request that it does not understand. */
export function badRequest(
  url: URL,
  error: { readonly code: string; readonly errorMessage: string },
): Response {
  return Response.json({ queryString: url.search.slice(1), ...error }, { status: 400 });
}
