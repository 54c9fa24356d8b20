/** How large the chunks of both brokers are: by bytes, as a reader asks for, and by number, however small the messages are. */

/** Bytes of values in a chunk when the reader does not say. */
export const DEFAULT_CHUNK_BYTES = 4 * 1024 * 1024;

/** Records of a chunk when the reader does not say. */
export const DEFAULT_CHUNK_RECORDS = 4096;
