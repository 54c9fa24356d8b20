/** Columns of validated chunks as frames, for tests that look into them. */
import { type Columns, type Frame, frameOfColumns } from "../../lib/delta/mod.ts";
import { LANDING_SCHEMA } from "../../lib/tables/message_schemas.ts";
import { STANDARD_SCHEMA } from "../../lib/tables/standard_schema.ts";

/** The messages of a chunk. */
export function landingFrame(landing: Columns): Frame {
  return frameOfColumns(landing, LANDING_SCHEMA.fields);
}

/** The timetable rows of a chunk; null when it has none. */
export function standardFrame(rows: Columns | null): Frame | null {
  return rows && frameOfColumns(rows, STANDARD_SCHEMA.fields);
}
