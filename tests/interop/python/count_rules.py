"""Counts the rules on rows of the standard table in another language and another way: as one query of polars.

usage: count_rules.py DATA_FOLDER

Prints one JSON object: rows that break each rule by its anomaly, how many trains and stops there are, and as
"units.<anomaly>" what rules look at that look at other units. Rules on metadata are counted where its tables are.
"""

import json
import os
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
    counts |= metadata_rules(folder, rows)
    print(json.dumps({name: int(count or 0) for name, count in counts.items()}))


def metadata_rules(folder: str, rows: pl.DataFrame) -> dict:
    """Joins the lists, where other ways look things up."""
    if not os.path.isdir(f"{folder}/standard_zone/stations"):
        return {}
    read = lambda name: pl.from_arrow(DeltaTable(f"{folder}/standard_zone/{name}").to_pyarrow_table())
    stations = read("stations").select(
        "stationShortCode", listed=pl.col("stationUICCode"),
        north=pl.col("latitude").radians(), east=pl.col("longitude").radians(),
    )
    placed = rows.join(stations, on="stationShortCode", how="left", maintain_order="left")
    given = (pl.col("stationShortCode") != "") & pl.col("stationUICCode").is_not_null()
    unknown = placed.select((given & pl.col("listed").ne_missing(pl.col("stationUICCode"))).sum()).item()
    first = rows.unique(TRAIN, keep="first", maintain_order=True)
    known = lambda column, name, field: pl.col(column).is_in(read(name)[field].to_list()) | pl.col(column).is_null() | (pl.col(column) == "")
    listed = known("trainType", "train_types", "name") & known("trainCategory", "train_categories", "name")
    listed &= known("operatorShortCode", "operators", "operatorShortCode")
    return {
        "station_unknown": unknown,
        "train_unlisted": first.filter(~listed).height,
        **cause_rules(rows, read("causes")),
        **leg_rules(placed),
    }


def cause_rules(rows: pl.DataFrame, causes: pl.DataFrame) -> dict:
    fields = {"categoryCodeId": "category", "detailedCategoryCodeId": "detailed", "thirdCategoryCodeId": "third"}
    each = rows.select("causes").explode("causes").unnest("causes").filter(pl.any_horizontal(pl.col(field).is_not_null() for field in fields))
    ids = lambda level: causes.filter(pl.col("level") == level)["id"].to_list()
    odd = pl.any_horizontal((pl.col(field).is_not_null() & ~pl.col(field).is_in(ids(level))).fill_null(False) for field, level in fields.items())
    return {"cause_unknown": each.filter(odd).height, "units.cause_unknown": each.height}


def leg_rules(placed: pl.DataFrame) -> dict:
    """By the haversine formula, which has its own way round."""
    half = lambda name: ((pl.col(name) - before(name)) / 2).sin() ** 2
    haversine = half("north") + pl.col("north").cos() * before("north").cos() * half("east")
    legs = placed.with_columns(
        is_leg=pl.col("arrives") & before("departs") & ~pl.col("gone") & ~before("gone"),
        km=2 * 6371.0088 * haversine.sqrt().arcsin(),
        planned_hours=hours("planned"), actual_hours=hours("actual"),
    ).filter(pl.col("is_leg") & (pl.col("km") > 2))
    either = lambda test: legs.filter(test("planned_hours").fill_null(False) | test("actual_hours").fill_null(False)).height
    fast = either(lambda name: (pl.col(name) > 0) & (pl.col("km") / pl.col(name) > 250))
    still = either(lambda name: pl.col(name) <= 0)
    units = {"units.leg_too_fast": legs.height, "units.leg_without_time": legs.height}
    return {"leg_too_fast": fast, "leg_without_time": still, **units}


def hours(name: str) -> pl.Expr:
    return (pl.col(name) - before(name)).dt.total_microseconds() / 3_600e6


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
        "passed_without_actualTime": passed & ~pl.col("gone") & pl.col("actual").is_null(),
        "units.passed_without_actualTime": passed & ~pl.col("gone"),
        "actualTime_on_whole_minute": (pl.col("actual").dt.second() == 0) & (pl.col("actual").dt.microsecond() == 0),
        "units.actualTime_on_whole_minute": pl.col("actual").is_not_null(),
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
