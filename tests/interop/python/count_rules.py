"""Counts the rules on rows of the standard table in another language and another way: as one query of polars.

usage: count_rules.py DATA_FOLDER

Prints one JSON object: rows that break each rule by its anomaly, and how many trains and stops there are.
"""

import json
import sys

import polars as pl
from deltalake import DeltaTable

TRAIN = ["departureDate", "trainNumber"]
MINUTE = pl.duration(minutes=1)
PASSENGER = ["Long-distance", "Commuter"]


def main(folder: str) -> None:
    table = DeltaTable(f"{folder}/standard_zone/trains_travel").to_pyarrow_table()
    rows = pl.from_arrow(table).sort(*TRAIN, "rowNumber").with_columns(
        actual=pl.col("actualTime"), estimate=pl.col("liveEstimateTime"), planned=pl.col("scheduledTime"),
        arrives=pl.col("type") == "ARRIVAL", departs=pl.col("type") == "DEPARTURE",
        gone=pl.col("cancelled").fill_null(False), passenger=pl.col("trainCategory").is_in(PASSENGER),
    )
    rows = rows.with_columns(
        is_stop=(pl.col("departs") & before("arrives")).fill_null(False),
        # The last actual time of the train, and whether the row lies before it.
        last_seen=over(pl.when(pl.col("actual").is_not_null()).then(pl.col("rowNumber")).max()),
    )
    counts = rows.select(**row_rules()).sum().to_dicts()[0]
    trains = rows.group_by(*TRAIN, maintain_order=True).agg(**train_rules()).drop(TRAIN)
    counts |= trains.select(pl.all().cast(pl.Int64)).sum().to_dicts()[0]
    counts |= {"trains": trains.height, "stops": int(rows["is_stop"].sum())}
    print(json.dumps({name: int(count or 0) for name, count in counts.items()}))


def row_rules() -> dict:
    minutes = lambda time: (time - pl.col("planned")).dt.total_microseconds() / 60e6
    cargo = pl.col("trainCategory") == "Cargo"
    delay = minutes(pl.col("actual"))
    difference = pl.col("differenceInMinutes")
    unknown = pl.col("unknownDelay").fill_null(False)
    stops, running = pl.col("trainStopping"), pl.col("runningCurrently").fill_null(False)
    ahead = pl.col("rowNumber") > pl.col("last_seen").fill_null(-1)
    passed = pl.col("rowNumber") < pl.col("last_seen")
    seen = over(pl.col("actual").forward_fill())
    # Estimates after the last actual time follow it and each other.
    expected = over(pl.when(ahead).then(pl.col("estimate")).otherwise(pl.when(pl.col("rowNumber") == pl.col("last_seen")).then(pl.col("actual"))).forward_fill())
    empty = lambda name: pl.col(name).is_null() | (pl.col(name) == "")
    return {
        "row_incomplete": empty("stationShortCode") | empty("countryCode") | empty("type")
        | pl.any_horizontal(pl.col(name).is_null() for name in ("stationUICCode", "scheduledTime", "cancelled", "trainStopping")),
        "value_out_of_range": ~pl.col("trainNumber").is_between(1, 99999) | ~pl.col("type").is_in(["ARRIVAL", "DEPARTURE"]),
        "station_number_out_of_range": ~pl.col("stationUICCode").is_between(1, 99999),
        "delay_implausible": pl.when(cargo).then((delay < -600) | (delay > 720)).otherwise((delay < -30) | (delay > 360)),
        "scheduledTime_out_of_order": pl.col("planned") < before("planned"),
        "stop_scheduled_backwards": pl.col("is_stop") & (pl.col("planned") < before("planned")),
        "commercialStop_contradicts": stops.fill_null(False) != pl.col("commercialStop").is_not_null(),
        "actualTime_in_future": pl.col("actual") > pl.col("kafkaMessageTimestamp") + pl.duration(minutes=2),
        "actualTime_out_of_order": pl.col("actual") < seen.shift(1).over(TRAIN),
        "estimate_out_of_order": ahead & (pl.col("estimate") < expected.shift(1).over(TRAIN)),
        "stop_backwards": pl.col("is_stop")
        & ((pl.col("actual") < before("actual")).fill_null(False) | (pl.col("estimate") < before("estimate")).fill_null(False)),
        "differenceInMinutes_mismatch": (minutes(pl.coalesce("actual", "estimate")) + 0.5).floor() != difference,
        "difference_without_time": difference.is_not_null() & pl.col("actual").is_null() & pl.col("estimate").is_null() & ~unknown,
        "cancelled_with_actualTime": pl.col("gone") & pl.col("actual").is_not_null(),
        "passed_stop_without_actualTime": stops & ~pl.col("gone") & pl.col("actual").is_null() & passed,
        "stop_without_estimate": running & stops & ~pl.col("gone") & pl.col("actual").is_null() & ahead & pl.col("estimate").is_null() & ~unknown,
    }


def train_rules() -> dict:
    first, count = lambda name: pl.col(name).first(), pl.len()
    place, station = pl.int_range(pl.len()), pl.col("stationShortCode")
    alternating = pl.when(place % 2 == 0).then(pl.col("departs")).otherwise(pl.col("arrives")).all()
    paired = ((place % 2 == 1) | (place == 0) | (station == station.shift(1))).all()
    kept = lambda name: pl.col(name).filter(~pl.col("gone")).last()
    any_kept = (~pl.col("gone")).any()
    helsinki = first("planned").dt.convert_time_zone("Europe/Helsinki").dt.date()
    some = pl.col("actual").is_not_null().any()
    # A train that is cancelled as a whole has no last row; its first stands for it.
    last_actual = pl.when(any_kept).then(kept("actual")).otherwise(first("actual"))
    late = ((pl.col("differenceInMinutes") >= 5) & pl.col("actual").is_not_null()).any()
    empty = lambda name: first(name).is_null() | (first(name) == "")
    false = lambda expression: expression.fill_null(False)
    return {
        "train_incomplete": (count < 2) | empty("operatorShortCode"),
        "train_without_category": empty("trainType") | empty("trainCategory"),
        "route_broken": ~((count % 2 == 0) & alternating & paired),
        "cancellation_contradicts": false(pl.when(pl.col("gone").all()).then(~first("trainCancelled")).otherwise(first("trainCancelled"))),
        "departureDate_contradicts": false(helsinki != pl.col("departureDate").first()),
        "runningCurrently_contradicts": false(first("runningCurrently") != (some & last_actual.is_null())),
        "ended_without_final_actualTime": false(any_kept & kept("actual").is_null() & (kept("kafkaMessageTimestamp") > kept("planned") + pl.duration(hours=1))),
        "late_without_cause": first("passenger").fill_null(False) & late & (pl.col("causes").list.len().fill_null(0).sum() == 0),
        "departed_without_trainReady": first("passenger").fill_null(False) & first("actual").is_not_null()
        & ~pl.col("trainReady").struct.field("accepted").first().fill_null(False),
    }


def over(expression: pl.Expr) -> pl.Expr:
    return expression.over(TRAIN)


def before(name: str) -> pl.Expr:
    return over(pl.col(name).shift(1))


main(sys.argv[1])
