/** Missing values, duplicates and anomalies of one standard data file, in one pass of polars. */
import pl from "nodejs-polars";
import type { Counts } from "../tables/counts.ts";

/** Columns whose absence the report counts. */
export const REQUIRED_COLUMNS = [
  "trainNumber",
  "departureDate",
  "scheduledTime",
  "stationShortCode",
  "type",
] as const;

const TEXT_COLUMNS = ["stationShortCode", "type"] as const;
const USED_COLUMNS = [
  ...REQUIRED_COLUMNS,
  "rowNumber",
  "trainTravelId",
  "actualTime",
  "liveEstimateTime",
  "differenceInMinutes",
  "kafkaMessageTimestamp",
] as const;
const MICROS_PER_MINUTE = 60_000_000;
/** Clocks differ; 39 s were seen. */
const FUTURE_TOLERANCE_MINUTES = 2;

/** Made once: polars builds an expression in some 60 µs. */
const COUNTS: readonly pl.Expr[] = [
  ...REQUIRED_COLUMNS.map((name) => pl.col(name).isNull().sum().alias(`missing.${name}`)),
  ...TEXT_COLUMNS.map((name) => pl.col(name).eq(pl.lit("")).sum().alias(`empty.${name}`)),
  pl.col("trainTravelId").nUnique().alias("distinct"),
  wrongDifference().sum().alias("anomaly.differenceInMinutes_mismatch"),
  actualInFuture().sum().alias("anomaly.actualTime_in_future"),
  outOfOrder().sum().alias("anomaly.scheduledTime_out_of_order"),
  notNextRow().sum().alias("rearranged"),
];

/**
 * Counts per file: `rows`, `missing.<column>` (null), `empty.<column>` (""), `duplicates` (rows of one train with the
 * same station, time and type), `anomaly.<name>`. The rows lie in one departure date; where another engine has
 * rearranged them they are put in the order of the route first.
 */
export function countStandardRows(rows: pl.DataFrame): Counts {
  if (rows.height === 0) return { rows: 0 };
  const used = rows.select(...USED_COLUMNS);
  const { rearranged = 0, ...counts } = runCounts(used);
  const { distinct = 0, ...found } = rearranged === 0
    ? counts
    : runCounts(used.sort(["trainNumber", "rowNumber"]));
  const nonzero = Object.entries(found).filter(([name, count]) => count > 0 && name !== "rearranged");
  return { rows: rows.height, duplicates: rows.height - distinct, ...Object.fromEntries(nonzero) };
}

function runCounts(rows: pl.DataFrame): Readonly<Record<string, number>> {
  return (rows.select(...COUNTS).toRecords()[0] ?? {}) as Record<string, number>;
}

/** Rule C6: differenceInMinutes = floor((actual or else estimate - scheduled) / 60 s + 0.5). */
function wrongDifference(): pl.Expr {
  const known = pl.col("actualTime").fillNull(pl.col("liveEstimateTime")).cast(pl.Int64);
  const micros = known.sub(pl.col("scheduledTime").cast(pl.Int64));
  const minutes = micros.div(pl.lit(MICROS_PER_MINUTE)).add(pl.lit(0.5)).floor();
  return minutes.neq(pl.col("differenceInMinutes"));
}

/** Rule T3: a train cannot have been there after the message about it was written. */
function actualInFuture(): pl.Expr {
  const limit = pl.col("kafkaMessageTimestamp").cast(pl.Int64).add(
    pl.lit(FUTURE_TOLERANCE_MINUTES * MICROS_PER_MINUTE),
  );
  return pl.col("actualTime").cast(pl.Int64).gt(limit);
}

/** Rule C1: along the route of one train, scheduledTime never decreases. */
function outOfOrder(): pl.Expr {
  const sameTrain = pl.col("trainNumber").eq(pl.col("trainNumber").shift(1));
  return sameTrain.and(
    pl.col("scheduledTime").cast(pl.Int64).lt(pl.col("scheduledTime").cast(pl.Int64).shift(1)),
  );
}

/** A row that neither starts a route nor follows its predecessor. */
function notNextRow(): pl.Expr {
  const number = pl.col("rowNumber");
  const sameTrain = pl.col("trainNumber").eq(pl.col("trainNumber").shift(1));
  const isNext = sameTrain.and(number.eq(number.shift(1).add(pl.lit(1)))).fillNull(false);
  return number.neq(pl.lit(0)).and(isNext.not());
}
