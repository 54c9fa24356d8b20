/** The fault of an archive, apart from what breaks on the way to it. */

/** The archive is not what it should be; the message says what was found, and what was expected. */
export class ArchiveError extends Error {
  override readonly name = "ArchiveError";
}
