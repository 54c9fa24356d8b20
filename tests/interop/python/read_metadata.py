"""Reads the tables of metadata with delta-rs and with polars, and prints their rows when both agree.

usage: read_metadata.py DATA_FOLDER
"""

import json
import sys

import polars as pl
from deltalake import DeltaTable

TABLES = ["stations", "operators", "train_types", "train_categories", "causes"]


def main(data: str) -> None:
    print(json.dumps({name: read(f"{data}/standard_zone/{name}") for name in TABLES}, default=str))


def read(path: str) -> dict:
    table = DeltaTable(path)
    by_arrow = table.to_pyarrow_table().to_pylist()
    assert by_arrow == pl.read_delta(path).to_dicts(), path
    return {"rows": by_arrow, "version": table.version(), "description": table.metadata().description}


main(*sys.argv[1:])
