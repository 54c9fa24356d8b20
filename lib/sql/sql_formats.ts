/** How answers are written; for those who need no writer. */
export const SQL_FORMATS = ["table", "csv", "json", "ndjson", "parquet"] as const;
