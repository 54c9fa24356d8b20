"""Compares each newer version of a train with the one before, from the messages alone: as joins of polars.

usage: count_changes.py DATA_FOLDER

Prints one JSON object: versions compared, those that take something back, times and rows that are gone or moved, estimates
by horizon, and percentiles of the reporting lag in milliseconds.
"""

import json
import sys

import polars as pl
from deltalake import DeltaTable

TRAIN = ["departureDate", "trainNumber"]
HORIZONS = [("0-3", 0, 3, -1, 1), ("3-6", 3, 6, -1.5, 2), ("6-12", 6, 12, -2.5, 3.5), ("12-30", 12, 30, -4, 6)]
ROW = pl.Struct({
    "stationUICCode": pl.Int64, "type": pl.String, "scheduledTime": pl.String, "actualTime": pl.String,
    "liveEstimateTime": pl.String,
})
MESSAGE = pl.Struct({
    "departureDate": pl.String, "trainNumber": pl.Int64, "version": pl.Int64, "deleted": pl.Boolean,
    "timeTableRows": pl.List(ROW),
})


def main(folder: str) -> None:
    landing = pl.from_arrow(DeltaTable(f"{folder}/landing_zone/trains_travel").to_pyarrow_table())
    messages = landing.sort("kafkaPartition", "kafkaOffset").with_columns(
        train=pl.col("jsonValue").str.json_decode(MESSAGE)
    ).unnest("train").with_columns(epoch=pl.col("sourceEpoch").fill_null(0).cast(pl.Int64)).with_columns(
        # Versions have twelve digits.
        rank=pl.col("epoch") * 10**15 + pl.col("version"),
    ).select(*TRAIN, "epoch", "rank", "deleted", "timeTableRows", "jsonValue", "kafkaMessageTimestamp", "fetchedAt")
    # Messages that are no lower than all before them; the same content twice in turn is one.
    held = messages.filter(pl.col("rank") == pl.col("rank").cum_max().over(TRAIN))
    same = (pl.col("jsonValue") == pl.col("jsonValue").shift(1).over(TRAIN)).fill_null(False)
    held = held.filter(~same).with_columns(step=pl.col("rank").rank("dense").over(TRAIN).cast(pl.Int64) - 1)
    # A version is compared as it came; what it is compared with is the last that was said under the version before, of
    # the same epoch: a source that was set up anew owes nothing to what it said before.
    first, last = (held.unique([*TRAIN, "step"], keep=keep, maintain_order=True) for keep in ("first", "last"))
    known = last.select(*TRAIN, pl.col("step") + 1, "epoch")
    after = first.filter(~pl.col("deleted").fill_null(False)).join(known, on=[*TRAIN, "step", "epoch"], how="semi")
    steps = after.select(*TRAIN, "step", "fetchedAt")
    older = rows_of(last.with_columns(pl.col("step") + 1)).join(steps, on=[*TRAIN, "step"])
    pairs = matched(older, rows_of(after))
    counts = {"versions": steps.height} | revisions(pairs) | estimates(pairs)
    new = pairs.filter(pl.col("matched"), pl.col("actual").is_null(), pl.col("actual_new").is_not_null())
    lag = (new["fetchedAt"] - new["actual_new"]).dt.total_milliseconds().sort()
    lag = lag.filter((lag >= -120_000) & (lag <= 86_400_000)).clip(lower_bound=0)
    rank = lambda share: int(lag[max(1, -(-int(share * 100) * len(lag) // 100)) - 1])
    print(json.dumps({"counts": counts, "lag": {"count": len(lag), "p50": rank(0.5), "p95": rank(0.95)}}))


def rows_of(messages: pl.DataFrame) -> pl.DataFrame:
    time = lambda name: pl.col(name).str.to_datetime(time_unit="us", time_zone="UTC")
    rows = messages.select(*TRAIN, "step", "kafkaMessageTimestamp", "timeTableRows").with_columns(
        place=pl.int_ranges(pl.col("timeTableRows").list.len())
    ).explode("timeTableRows", "place").unnest("timeTableRows")
    return rows.with_columns(
        planned=time("scheduledTime"), actual=time("actualTime"), estimate=time("liveEstimateTime")
    ).drop("scheduledTime", "actualTime", "liveEstimateTime")


def matched(older: pl.DataFrame, newer: pl.DataFrame) -> pl.DataFrame:
    """Rows by station, type and time; those that are left by station and type, in turn."""
    stop = [*TRAIN, "step", "stationUICCode", "type"]
    newer = newer.select(*stop, "planned", "place", "actual")
    exact = older.join(newer, on=[*stop, "planned"], how="left", suffix="_new")
    exact = exact.with_columns(matched=pl.col("place_new").is_not_null())
    turn = pl.int_range(pl.len()).over(stop)
    left = exact.filter(~pl.col("matched")).drop("place_new", "actual_new", "matched").with_columns(turn=turn)
    rest = newer.join(exact.filter("matched").select(*stop, "planned"), on=[*stop, "planned"], how="anti")
    rest = rest.sort("place").with_columns(turn=turn).drop("planned")
    second = left.join(rest, on=[*stop, "turn"], how="left", suffix="_new")
    second = second.with_columns(matched=pl.col("place_new").is_not_null()).drop("turn")
    return pl.concat([exact.filter("matched"), second.select(exact.columns)])


def revisions(pairs: pl.DataFrame) -> dict:
    was, now = pl.col("actual"), pl.col("actual_new")
    flags = pairs.with_columns(
        gone=~pl.col("matched"),
        vanished=pl.col("matched") & was.is_not_null() & now.is_null(),
        moved=((now - was).dt.total_microseconds().abs() > 60_000_000).fill_null(False),
    )
    by_version = flags.group_by(*TRAIN, "step").agg(pl.col("gone", "vanished", "moved").sum())
    return {
        "versions.revised": by_version.filter(pl.sum_horizontal("gone", "vanished", "moved") > 0).height,
        "actualTime.vanished": int(flags["vanished"].sum()),
        "actualTime.moved": int(flags["moved"].sum()),
        "rows.vanished": int(flags["gone"].sum()),
    }


def estimates(pairs: pl.DataFrame) -> dict:
    minutes = lambda span: span.dt.total_microseconds() / 60e6
    known = pairs.filter("matched", pl.col("actual").is_null(), pl.col("actual_new").is_not_null()).with_columns(
        ahead=minutes(pl.col("estimate") - pl.col("kafkaMessageTimestamp")),
        error=minutes(pl.col("actual_new") - pl.col("estimate")),
    )
    counts = {}
    for name, least, most, early, late in HORIZONS:
        mine = known.filter(pl.col("ahead") >= least, pl.col("ahead") < most)
        counts[f"estimates.{name}"] = mine.height
        counts[f"off.{name}"] = mine.filter((pl.col("error") < early) | (pl.col("error") > late)).height
    return counts


main(*sys.argv[1:])
