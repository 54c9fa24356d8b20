"""Turns every value of every column of all tables into Python's own, by two readers, and prints what landing has.

usage: read_values.py DATA_FOLDER
"""

import json
import sys

import polars as pl
from deltalake import DeltaTable

from table_rows import TABLES


def main(data: str) -> None:
    counts = {name: count(f"{data}/{path}") for name, path in TABLES.items()}
    landing = DeltaTable(f"{data}/{TABLES['landing']}").to_pyarrow_table().to_pylist()
    print(json.dumps({"counts": counts, "landing": [plain(row) for row in landing]}))


def count(path: str) -> list[int]:
    by_arrow = DeltaTable(path).to_pyarrow_table().to_pylist()
    by_polars = pl.read_delta(path).to_dicts()
    return [len(by_arrow), len(by_polars)]


def plain(row: dict) -> dict:
    key = row["messageKeyBytes"]
    return {
        "offset": row["kafkaOffset"],
        "key": row["messageKey"],
        "keyBytes": None if key is None else list(key),
        "time": row["kafkaMessageTimestamp"].isoformat(),
        "value": row["jsonValue"],
    }


main(*sys.argv[1:])
