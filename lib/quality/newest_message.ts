/** How new what landing holds is, without reading it. */
import { pl } from "../packages/polars.ts";
import { columnBounds, type DeltaTable } from "../delta/mod.ts";

/** Creation time of the newest message, from the statistics, in milliseconds; of files without any from the rows. */
export async function newestMessageTime(landing: DeltaTable): Promise<Date | null> {
  const column = "kafkaMessageTimestamp";
  const boundsOf = columnBounds([column], landing.snapshot);
  let newest: bigint | null = null;
  for (const add of landing.snapshot.files.values()) {
    const { upper, hasValues } = boundsOf(add);
    if (hasValues === false) continue;
    const micros = typeof upper === "bigint" ? upper : await newestMicros(landing, { add, column });
    if (micros !== null && (newest === null || micros > newest)) newest = micros;
  }
  return newest === null ? null : new Date(Number(newest / 1000n));
}

async function newestMicros(
  landing: DeltaTable,
  { add, column }: { readonly add: Parameters<DeltaTable["readFile"]>[0]; readonly column: string },
): Promise<bigint | null> {
  const times = (await landing.readFile(add, { columns: [column] })).select(pl.col(column).cast(pl.Int64));
  const newest: unknown = times.getColumn(column).max();
  return newest === null || newest === undefined ? null : BigInt(newest as number | bigint);
}
