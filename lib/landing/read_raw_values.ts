/** Bytes of messages that are no text: landing has no column for them, quarantine has. */
import { tableFromIPC } from "apache-arrow";
import type { DeltaTable } from "../delta/mod.ts";
import type { OffsetRange } from "../tables/offset_progress.ts";
import { mayHold, wantedRows } from "./offset_range.ts";

const COLUMNS = ["kafkaTopic", "kafkaPartition", "kafkaOffset", "rawValue"];

/** The bytes by offset; null is a tombstone. A batch is in quarantine before it is in landing, so none is missing. */
export async function readRawValues(
  quarantine: DeltaTable,
  topic: string,
  range: OffsetRange,
): Promise<ReadonlyMap<bigint, Uint8Array | null>> {
  const values = new Map<bigint, Uint8Array | null>();
  for (const add of quarantine.snapshot.files.values()) {
    if (!mayHold(add, range)) continue;
    const frame = await quarantine.readFile(add, { columns: COLUMNS });
    const rows = tableFromIPC(frame.filter(wantedRows(topic, range)).writeIPC());
    const [offsets, raw] = [rows.getChild("kafkaOffset"), rows.getChild("rawValue")];
    for (let i = 0; i < rows.numRows; i++) values.set(BigInt(offsets?.get(i)), copyOf(raw?.get(i)));
  }
  return values;
}

function copyOf(bytes: unknown): Uint8Array | null {
  return bytes instanceof Uint8Array ? bytes.slice() : null;
}
