/** The counts of trains as the API writes them, by the ordinary way: validated, then counted. */
import type { Columns } from "../../lib/delta/mod.ts";
import { RULES } from "../../lib/quality/rules.ts";
import { validateChunks } from "../../lib/validate/validate_chunks.ts";
import { SIMULATED_COUNTER } from "./simulated_counter.ts";

/** The rows of trains that one message each has brought at that moment. */
export async function rowsOfTrains(trains: readonly unknown[], timestampMs: number): Promise<Columns> {
  const records = trains.map((train, offset) => ({
    ...{ offset: BigInt(offset), timestampMs, key: null, headers: {} },
    value: new TextEncoder().encode(JSON.stringify(train)),
  }));
  const chunk = { partition: 0, records, nextOffset: BigInt(records.length), sizeBytes: 1 };
  async function* chunks() {
    yield await Promise.resolve(chunk);
  }
  const [validated] = await Array.fromAsync(
    validateChunks(chunks(), { topic: "trains", aheadBytes: 0, monotonic: () => 0 }),
  );
  if (validated?.rows == null || validated.spans.length < trains.length) {
    throw new Error(`${validated?.spans.length} of ${trains.length} trains were accepted`);
  }
  return validated.rows;
}

/** Failures by rule; rules that hold are left out. */
export function brokenRules(columns: Columns): Readonly<Record<string, number>> {
  return namedByRule(SIMULATED_COUNTER.countColumns(columns));
}

/** The same of counts. */
export function namedByRule(counts: Readonly<Record<string, number>>): Readonly<Record<string, number>> {
  return Object.fromEntries(RULES.flatMap(({ id, count }) => {
    const failures = count.from === "rows" ? counts[`anomaly.${count.anomaly}`] : undefined;
    return failures === undefined ? [] : [[id, failures]];
  }));
}
