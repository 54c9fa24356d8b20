/** Columns of validated chunks as frames, for tests that look into them. */
import {
  type Columns,
  fitFrame,
  type Frame,
  frameOfColumns,
  frameRows,
  type Row,
  rowCount,
} from "../../lib/delta/mod.ts";
import { LANDING_SCHEMA, QUARANTINE_SCHEMA } from "../../lib/tables/message_schemas.ts";
import { STANDARD_SCHEMA } from "../../lib/tables/standard_schema.ts";

/** The messages of a chunk. */
export function landingFrame(landing: Columns): Frame {
  return frameOfColumns(landing, LANDING_SCHEMA.fields);
}

/** The timetable rows of a chunk; null when it has none. */
export function standardFrame(rows: Columns | null): Frame | null {
  return rows && frameOfColumns(rows, STANDARD_SCHEMA.fields);
}

/** The rejections of a chunk as rows. */
export function quarantineRows(quarantine: Columns): readonly Row[] {
  return rowCount(quarantine) === 0 ? [] : Array.from(
    frameRows(
      fitFrame(frameOfColumns(quarantine, QUARANTINE_SCHEMA.fields), QUARANTINE_SCHEMA),
      QUARANTINE_SCHEMA.fields,
    ),
  );
}
