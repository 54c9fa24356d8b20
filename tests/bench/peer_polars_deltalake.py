"""The peer of the benchmark: the job of `process` by python polars and delta-rs, written the way those libraries like it.

usage: peer_polars_deltalake.py TRAINS_NDJSON TABLES_FOLDER

Raw JSON lines in; all of them appended to landing, the newest version of each train merged into standard (all rows of a
train replaced, partitioned by departureDate, only the batch's dates read and rewritten), one quality row out. There is no
broker, no quarantine, no check of the messages, and nothing makes the tables agree after a crash.
"""

import hashlib
import json
import os
import sys
import time
from datetime import datetime, timezone

import polars as pl
import pyarrow as pa
from deltalake import write_deltalake

CAUSE = pl.Struct(
    {
        "categoryCode": pl.String,
        "detailedCategoryCode": pl.String,
        "categoryCodeId": pl.Int64,
        "detailedCategoryCodeId": pl.Int64,
        "thirdCategoryCode": pl.String,
        "thirdCategoryCodeId": pl.Int64,
    }
)
ROW = pl.Struct(
    {
        "stationShortCode": pl.String,
        "stationUICCode": pl.Int64,
        "countryCode": pl.String,
        "type": pl.String,
        "trainStopping": pl.Boolean,
        "commercialStop": pl.Boolean,
        "commercialTrack": pl.String,
        "cancelled": pl.Boolean,
        "scheduledTime": pl.String,
        "liveEstimateTime": pl.String,
        "estimateSource": pl.String,
        "actualTime": pl.String,
        "differenceInMinutes": pl.Int64,
        "causes": pl.List(CAUSE),
        "trainReady": pl.Struct({"source": pl.String, "accepted": pl.Boolean, "timestamp": pl.String}),
    }
)
TRAIN = {
    "trainNumber": pl.Int64,
    "departureDate": pl.String,
    "operatorUICCode": pl.Int64,
    "operatorShortCode": pl.String,
    "trainType": pl.String,
    "trainCategory": pl.String,
    "commuterLineID": pl.String,
    "runningCurrently": pl.Boolean,
    "cancelled": pl.Boolean,
    "version": pl.Int64,
    "timetableType": pl.String,
    "timetableAcceptanceDate": pl.String,
    "timeTableRows": pl.List(ROW),
}
TIMES = ("scheduledTime", "liveEstimateTime", "actualTime")
REQUIRED = ("trainNumber", "departureDate", "scheduledTime", "stationShortCode", "type")
KEY = ["departureDate", "trainNumber"]


def main(source: str, tables: str) -> None:
    started = time.perf_counter()
    now = datetime.now(timezone.utc)
    lines = append_landing(source, f"{tables}/landing", now)
    landed = time.perf_counter()
    merge_standard(flatten(source, now), f"{tables}/standard")
    merged = time.perf_counter()
    rows = append_quality(f"{tables}/standard", f"{tables}/quality", now)
    seconds = {"landing": landed - started, "standard": merged - landed, "quality": time.perf_counter() - merged}
    print(json.dumps({"messages": lines, "standardRows": rows, "seconds": seconds}))


def append_landing(source: str, path: str, now: datetime) -> int:
    lines = pl.read_lines(source, name="jsonValue").with_columns(kafkaMessageTimestamp=pl.lit(now))
    write_deltalake(path, lines, mode="append")
    return lines.height


def flatten(source: str, now: datetime) -> pl.DataFrame:
    """One row per timetable row of the newest version of each train of the file."""
    trains = pl.read_ndjson(source, schema=TRAIN).rename({"cancelled": "trainCancelled"})
    newest = trains.sort("version").unique(KEY, keep="last", maintain_order=True)
    rows = (
        newest.with_columns(pl.col("departureDate").str.to_date("%Y-%m-%d"), kafkaMessageTimestamp=pl.lit(now))
        .with_columns(rowNumber=pl.int_ranges(pl.col("timeTableRows").list.len(), dtype=pl.Int32))
        .explode("timeTableRows", "rowNumber")
        .unnest("timeTableRows")
    )
    names = pl.concat_str(["trainNumber", "stationShortCode", "scheduledTime", "type"], separator="_")
    ids = [hashlib.sha1(name.encode()).hexdigest() for name in rows.select(names).to_series()]
    times = [pl.col(name).str.to_datetime("%Y-%m-%dT%H:%M:%S%.fZ", time_unit="us", time_zone="UTC") for name in TIMES]
    return rows.with_columns(*times, trainTravelId=pl.Series(ids))


def merge_standard(batch: pl.DataFrame, path: str) -> None:
    if not os.path.exists(f"{path}/_delta_log"):
        write_deltalake(path, batch, mode="append", partition_by=["departureDate"])
        return
    dates = batch["departureDate"].unique()
    there = pl.scan_delta(path).filter(pl.col("departureDate").is_in(dates.implode())).collect()
    versions = there.group_by(KEY).agg(known=pl.col("version").first())
    newer = batch.join(versions, on=KEY, how="left").filter(
        pl.col("known").is_null() | (pl.col("version") > pl.col("known"))
    ).drop("known")
    if newer.height == 0:
        return
    changed = newer["departureDate"].unique()
    kept = there.filter(pl.col("departureDate").is_in(changed.implode())).join(newer.select(KEY).unique(), on=KEY, how="anti")
    whole = pl.concat([kept.select(newer.columns), newer])
    predicate = " OR ".join(f"departureDate = '{date}'" for date in changed)
    write_deltalake(path, whole, mode="overwrite", predicate=predicate)


def append_quality(standard: str, path: str, now: datetime) -> int:
    columns = {*REQUIRED, "trainTravelId", "actualTime", "liveEstimateTime", "differenceInMinutes", "kafkaMessageTimestamp"}
    known = pl.coalesce("actualTime", "liveEstimateTime")
    minutes = ((known - pl.col("scheduledTime")).dt.total_microseconds() / 60_000_000 + 0.5).floor()
    found = (
        pl.scan_delta(standard)
        .select(columns)
        .select(
            pl.len().alias("total"),
            (pl.len() - pl.struct("departureDate", "trainTravelId").n_unique()).alias("duplicates"),
            (minutes != pl.col("differenceInMinutes")).sum().alias("differenceInMinutes_mismatch"),
            (pl.col("actualTime") > pl.col("kafkaMessageTimestamp")).sum().alias("actualTime_in_future"),
            *[pl.col(name).is_null().sum().alias(f"missing.{name}") for name in REQUIRED],
        )
        .collect()
        .row(0, named=True)
    )
    counts = pa.map_(pa.string(), pa.int64())
    anomalies = {name: found[name] for name in ("differenceInMinutes_mismatch", "actualTime_in_future")}
    missing = {name: found[f"missing.{name}"] for name in REQUIRED}
    row = pa.table(
        {
            "total_train_travel_records": pa.array([found["total"]], pa.int64()),
            "missing_values": pa.array([list(missing.items())], counts),
            "duplicate_records": pa.array([found["duplicates"]], pa.int64()),
            "anomalies": pa.array([list(anomalies.items())], counts),
            "data_quality_generation_time": pa.array([now], pa.timestamp("us", "UTC")),
        }
    )
    write_deltalake(path, row, mode="append")
    return found["total"]


main(*sys.argv[1:])
