/** OpenLineage wants runs to have UUIDs. */

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** The id of a run as a UUID: itself where it is one, else one that follows from it alone (version 8 of RFC 9562). */
export async function runUuid(runId: string): Promise<string> {
  if (UUID.test(runId)) return runId.toLowerCase();
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(`ratalake run ${runId}`));
  const bytes = new Uint8Array(digest, 0, 16);
  bytes[6] = (bytes[6] ?? 0) & 0x0f | 0x80;
  bytes[8] = (bytes[8] ?? 0) & 0x3f | 0x80;
  return bytes.toHex().replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}
