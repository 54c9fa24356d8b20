/** How large the chunks of both brokers are: by bytes, as a reader asks for, and by number, however small the messages are. */

/** Bytes of values in a chunk when the reader does not say. */
export const DEFAULT_CHUNK_BYTES = 4 * 1024 * 1024;

/** A chunk has at most so many records. */
export const MAX_CHUNK_RECORDS = 25_000;
