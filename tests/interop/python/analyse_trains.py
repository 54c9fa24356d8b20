"""Works the analysis tables out of the standard table in another language and another way: as queries of polars.

usage: analyse_trains.py DATA_FOLDER

Prints one JSON object: by table how many rows both have, and some of those that one has and the other has not.
"""

import json
import sys

import polars as pl
from deltalake import DeltaTable

TRAIN = ["departureDate", "trainNumber"]
PLACE = ["stationShortCode", "type", "time"]
LATE_FROM = {"Commuter": 180, "Cargo": 1801}


def main(folder: str) -> None:
    rows = prepared(read(folder, "standard_zone/trains_travel"))
    messages, named = seen(folder)
    tracks = named.group_by(TRAIN).agg(tracks=pl.col("text").unique().sort())
    runs = train_runs(rows)
    for more in (firsts(messages), tracks):
        runs = runs.join(more, on=TRAIN, how="left")
    runs = runs.with_columns(pl.col("tracks").fill_null(pl.lit([], dtype=pl.List(pl.String))))
    days = station_days(rows.join(moved(named), on=[*TRAIN, *PLACE], how="left"))
    theirs = {"train_runs": runs, "leg_delays": leg_delays(rows), "station_days": days}
    print(json.dumps({name: compared(read(folder, f"analysis_zone/{name}"), frame) for name, frame in theirs.items()},
                     default=str))


def read(folder: str, path: str) -> pl.DataFrame:
    return pl.from_arrow(DeltaTable(f"{folder}/{path}").to_pyarrow_table())


def seen(folder: str) -> tuple[pl.DataFrame, pl.DataFrame]:
    """All messages that are not in quarantine, and the tracks that they name, row by row."""
    place = ["kafkaTopic", "kafkaPartition", "kafkaOffset"]
    messages = read(folder, "landing_zone/trains_travel").join(
        read(folder, "quarantine_zone/trains_travel"), on=place, how="anti")
    row = pl.Struct({"stationShortCode": pl.String, "type": pl.String, "commercialTrack": pl.String})
    train = pl.Struct({"departureDate": pl.String, "trainNumber": pl.Int64, "version": pl.Int64,
                       "timeTableRows": pl.List(row)})
    messages = messages.with_columns(train=pl.col("jsonValue").str.json_decode(train)).unnest("train").with_columns(
        pl.col("departureDate").str.to_date(), message=pl.int_range(pl.len()))
    named = messages.select("message", *TRAIN, "timeTableRows").explode("timeTableRows").unnest("timeTableRows")
    again = pl.when(pl.col("time") > 1).then(pl.format(" ({})", "time")).otherwise(pl.lit(""))
    named = named.with_columns(time=times_of("message")).filter(pl.col("commercialTrack") != "").with_columns(
        text=pl.format("{} {}{}: {}", "stationShortCode", "type", again, "commercialTrack"))
    return messages, named


def times_of(*train: str) -> pl.Expr:
    """The how-many-eth arrival or departure there."""
    return pl.int_range(1, pl.len() + 1).over(*train, "stationShortCode", "type")


def moved(named: pl.DataFrame) -> pl.DataFrame:
    return named.group_by(*TRAIN, *PLACE).agg(moved=pl.col("commercialTrack").n_unique() > 1)


def firsts(messages: pl.DataFrame) -> pl.DataFrame:
    return messages.sort(pl.col("sourceEpoch").fill_null(0), "version").group_by(TRAIN, maintain_order=True).agg(
        firstVersion=pl.col("version").first(), firstSourceEpoch=pl.col("sourceEpoch").first(),
        firstSeen=pl.col("kafkaMessageTimestamp").min())


def compared(ours: pl.DataFrame, theirs: pl.DataFrame) -> dict:
    lines = [sorted(json.dumps(row, default=str) for row in frame.select(ours.columns).iter_rows())
             for frame in (ours, theirs)]
    only = [[line for line, count in counted(lines[at]) - counted(lines[1 - at])][:3] for at in (0, 1)]
    return {"rows": ours.height, "theirs": theirs.height, "onlyOurs": only[0], "onlyTheirs": only[1]}


def counted(lines: list) -> set:
    numbers = {}
    for line in lines:
        numbers[line] = numbers.get(line, 0) + 1
    return set(numbers.items())


def none_for_empty(name: str) -> pl.Expr:
    return pl.when(pl.col(name) != "").then(pl.col(name)).alias(name)


def seconds(later: pl.Expr, earlier: pl.Expr) -> pl.Expr:
    return (later - earlier).dt.total_seconds()


def prepared(rows: pl.DataFrame) -> pl.DataFrame:
    yes = lambda name: pl.col(name).fill_null(False)  # noqa: E731
    texts = ["trainCategory", "trainType", "commuterLineID", "operatorShortCode", "stationShortCode"]
    return rows.sort(*TRAIN, "rowNumber").with_columns(
        *[none_for_empty(name) for name in texts],
        off=yes("cancelled") | yes("trainCancelled") | yes("trainDeleted"), gone=yes("trainDeleted"),
        halts=pl.col("trainStopping").fill_null(True),
        codes=pl.col("causes").list.eval(pl.element().struct.field("categoryCode")),
    ).with_columns(ran=pl.when(~pl.col("off")).then(pl.col("actualTime"))).with_columns(
        late=seconds(pl.col("ran"), pl.col("scheduledTime")),
        # A departure at the station of the arrival before it is the same visit.
        same=((pl.col("type") == "DEPARTURE") & (pl.col("type").shift(1) == "ARRIVAL")
              & (pl.col("stationShortCode") == pl.col("stationShortCode").shift(1))).over(TRAIN).fill_null(False),
    ).with_columns(visit=(~pl.col("same")).cum_sum().over(TRAIN), time=times_of(*TRAIN))


def train_runs(rows: pl.DataFrame) -> pl.DataFrame:
    visits = rows.group_by(*TRAIN, "visit").agg(
        halts=pl.col("halts").any(), made=pl.col("ran").is_not_null().any(), skipped=pl.col("off").all(),
    ).filter("halts").group_by(TRAIN).agg(
        stopsPlanned=pl.len(), stopsMade=pl.col("made").sum(), stopsSkipped=pl.col("skipped").sum(),
    )
    worst = rows.filter(pl.col("late").is_not_null()).sort(
        *TRAIN, "late", "rowNumber", descending=[False, False, True, False],
    ).group_by(TRAIN, maintain_order=True).agg(
        worstDelaySeconds=pl.col("late").first(), worstDelayStation=pl.col("stationShortCode").first(),
    )
    first = lambda name: pl.col(name).first()  # noqa: E731
    runs = rows.group_by(TRAIN, maintain_order=True).agg(
        first("trainCategory"), first("trainType"), first("commuterLineID"), first("operatorShortCode"),
        origin=first("stationShortCode"), destination=pl.col("stationShortCode").last(),
        plannedDeparture=first("scheduledTime"), actualDeparture=first("ran"),
        plannedArrival=pl.col("scheduledTime").last(), actualArrival=pl.col("ran").last(),
        departureDelaySeconds=first("late"), arrivalDelaySeconds=pl.col("late").last(),
        cancelled=pl.col("off").all(), partiallyCancelled=pl.col("off").any() & ~pl.col("off").all(),
        deleted=first("gone"), causeCategories=pl.col("codes").list.explode(keep_nulls=False, empty_as_null=False),
        lastVersion=first("version"), lastSeen=first("kafkaMessageTimestamp"), lastSourceEpoch=first("sourceEpoch"),
    ).with_columns(
        pl.col("causeCategories").map_elements(lambda codes: sorted({code for code in codes if code}),
                                               return_dtype=pl.List(pl.String)),
    )
    counts = [pl.col(name).fill_null(0) for name in ("stopsPlanned", "stopsMade", "stopsSkipped")]
    return runs.join(visits, on=TRAIN, how="left").join(worst, on=TRAIN, how="left").with_columns(counts)


def leg_delays(rows: pl.DataFrame) -> pl.DataFrame:
    after = lambda name: pl.col(name).shift(-1).over(TRAIN)  # noqa: E731
    before = lambda name: pl.col(name).shift(1).over(TRAIN)  # noqa: E731
    return rows.filter(~pl.col("gone")).with_columns(
        toStation=after("stationShortCode"), next=after("type"), arrival=after("scheduledTime"), arrived=after("ran"),
        far=after("off"), came=before("scheduledTime"), was=before("ran"),
    ).filter((pl.col("type") == "DEPARTURE") & (pl.col("next") == "ARRIVAL")).with_columns(
        leg=pl.int_range(1, pl.len() + 1).over(TRAIN), fromStation=pl.col("stationShortCode"),
        plannedDeparture=pl.col("scheduledTime"), cancelled=pl.col("off") | pl.col("far"),
        plannedRunningSeconds=seconds(pl.col("arrival"), pl.col("scheduledTime")),
        actualRunningSeconds=seconds(pl.col("arrived"), pl.col("ran")),
        plannedDwellSeconds=pl.when("same").then(seconds(pl.col("scheduledTime"), pl.col("came"))),
        actualDwellSeconds=pl.when("same").then(seconds(pl.col("ran"), pl.col("was"))),
    ).with_columns(delayAddedSeconds=pl.col("actualRunningSeconds") - pl.col("plannedRunningSeconds"))


def station_days(rows: pl.DataFrame) -> pl.DataFrame:
    known = pl.col("stationShortCode").is_not_null() & pl.col("type").is_in(["ARRIVAL", "DEPARTURE"])
    stops = rows.filter(~pl.col("gone") & pl.col("halts") & known)
    limit = pl.col("trainCategory").replace_strict(LATE_FROM, default=301, return_dtype=pl.Int64).fill_null(301)
    sides = []
    for one, many in (("Arrival", "arrivals"), ("Departure", "departures")):
        mine = pl.col("type") == one.upper()
        delay = pl.col("late").filter(mine & pl.col("late").is_not_null())
        at = lambda share, delay=delay: delay.sort().get(  # noqa: E731
            (share * delay.len()).ceil().cast(pl.Int64) - 1, null_on_oob=True)
        sides += [
            mine.sum().alias(f"planned{one}s"), delay.len().alias(many),
            (mine & (pl.col("late") >= limit)).sum().alias(f"late{one}s"),
            (mine & pl.col("off")).sum().alias(f"cancelled{one}s"),
            pl.when(delay.len() > 0).then(at(0.5)).alias(f"median{one}DelaySeconds"),
            pl.when(delay.len() > 0).then(at(0.95)).alias(f"p95{one}DelaySeconds"),
            (mine & pl.col("moved").fill_null(False)).sum().alias(f"trackChanged{one}s"),
        ]
    return stops.group_by("departureDate", "stationShortCode", "trainCategory").agg(*sides)


main(sys.argv[1])
