"""Counts what became of the trains of the standard table, in another language and another way: as one query of polars.

usage: count_traffic.py DATA_FOLDER

Prints one JSON object: by kind of train how many arrived, were on time, cancelled, cancelled in part or unfinished,
the median and the 90th percentile of the delays in seconds, and trains by the categories of their causes.
"""

import json
import sys

import polars as pl
from deltalake import DeltaTable

TRAIN = ["departureDate", "trainNumber"]


def main(folder: str) -> None:
    table = DeltaTable(f"{folder}/standard_zone/trains_travel").to_pyarrow_table()
    rows = pl.from_arrow(table).sort(*TRAIN, "rowNumber").with_columns(
        late=(pl.col("actualTime") - pl.col("scheduledTime")).dt.total_microseconds() / 1e6,
        gone=pl.col("cancelled").fill_null(False),
        code=pl.col("causes").list.eval(pl.element().struct.field("categoryCode")),
    )
    dense = pl.col("commuterLineID").is_in(["A", "I", "K", "P"]).fill_null(False)
    trains = rows.group_by(*TRAIN, maintain_order=True).agg(
        pl.col("trainCategory", "commuterLineID").first(),
        start=pl.col("late").first(), end=pl.col("late").last(),
        none=~pl.col("gone").any(), whole=pl.col("gone").all() | pl.col("trainCancelled").first().fill_null(False),
        codes=pl.col("code").list.explode(keep_nulls=False, empty_as_null=False).unique(),
    ).with_columns(
        kind=pl.when(pl.col("trainCategory") == "Long-distance").then(pl.lit("longDistance"))
        .when(pl.col("trainCategory") == "Cargo").then(pl.lit("freight"))
        .when((pl.col("trainCategory") == "Commuter") & dense).then(pl.lit("commuterAIKP"))
        .when(pl.col("trainCategory") == "Commuter").then(pl.lit("commuter")),
        is_commuter=pl.col("trainCategory") == "Commuter",
    ).filter(pl.col("kind").is_not_null())
    measured = pl.col("end").is_not_null() & (~pl.col("is_commuter") | pl.col("start").is_not_null())
    trains = trains.with_columns(
        cancelled="whole", partlyCancelled=~pl.col("whole") & ~pl.col("none"),
        arrived=~pl.col("whole") & pl.col("none") & measured, unfinished=~pl.col("whole") & pl.col("none") & ~measured,
    ).with_columns(
        onTime=pl.col("arrived") & pl.when(pl.col("kind") == "longDistance").then(pl.col("end") <= 300)
        .when(pl.col("kind") == "freight").then(pl.col("end") <= 1800)
        .otherwise((pl.col("end") < 180) & (pl.col("start") < 180)).fill_null(False),
    )
    delay = pl.col("end").filter(pl.col("arrived"))
    figures = trains.group_by("kind").agg(
        pl.col("arrived", "onTime", "cancelled", "partlyCancelled", "unfinished").sum(),
        # The least delay that so many trains do not exceed.
        median=delay.sort().get((0.5 * delay.len()).ceil().cast(pl.Int64) - 1, null_on_oob=True),
        p90=delay.sort().get((0.9 * delay.len()).ceil().cast(pl.Int64) - 1, null_on_oob=True),
        codes=pl.col("codes").list.explode(keep_nulls=False, empty_as_null=False),
    )
    print(json.dumps({row.pop("kind"): counted(row) for row in figures.to_dicts()}))


def counted(row: dict) -> dict:
    codes = [code for code in row.pop("codes") if code is not None]
    return row | {"causes": {code: codes.count(code) for code in sorted(set(codes))}}


main(sys.argv[1])
