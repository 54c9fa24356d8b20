"""Compares the content of all tables of two lakes, value by value, whatever the order of rows and files.

usage: compare_lakes.py LEFT_DATA_FOLDER RIGHT_DATA_FOLDER EXCEPTIONS_JSON

The exceptions name columns by table that hold times of the wall or names made by chance. Where the batches of the two
are cut otherwise, their sums per partition are compared. Prints one JSON object.
"""

import json
import sys

import polars as pl
import pyarrow as pa

from table_rows import TABLES

KEYS = {
    "landing": ["kafkaTopic", "kafkaPartition", "kafkaOffset"],
    "quarantine": ["kafkaTopic", "kafkaPartition", "kafkaOffset"],
    "standard": ["departureDate", "trainNumber", "rowNumber"],
    "batches": ["topic", "partition", "offsetFrom"],
    # Runs have no name in common: the first is compared with the first.
    "runs": None,
}
ORDER_OF_RUNS = "data_quality_generation_time"
BLOCK = 4096
EXAMPLES = 3


def main(left: str, right: str, exceptions: str) -> None:
    without = json.loads(exceptions)
    found = {name: compare_table(name, f"{left}/{path}", f"{right}/{path}", without.get(name, [])) for name, path in TABLES.items()}
    print(json.dumps(found, default=str))


def compare_table(name: str, left_path: str, right_path: str, without: list) -> dict:
    left, right = read(name, left_path), read(name, right_path)
    rows = [left.num_rows, right.num_rows]
    if name == "batches" and not all(left[column].equals(right[column]) for column in ("offsetFrom", "offsetTo")):
        left, right = sums(left, without), sums(right, without)
    columns = [column for column in left.column_names if column in right.column_names]
    added = [column for column in right.column_names if column not in columns]
    lost = [column for column in left.column_names if column not in columns]
    differences = [difference(f"column {column} is not there any more", None, []) for column in lost]
    left, right, missing = match(left, right, KEYS[name])
    differences += missing
    compared = [column for column in columns if column not in without]
    for column in compared:
        differences += compare_column(column, left, right, KEYS[name])
    return {"rows": rows, "compared": len(compared), "excepted": without, "added": added, "differences": differences}


def read(name: str, path: str) -> pa.Table:
    table = pl.read_delta(path).to_arrow()
    table = table.cast(pa.schema([pa.field(field.name, plain(field.type)) for field in table.schema]))
    return table.sort_by([(key, "ascending") for key in KEYS[name] or [ORDER_OF_RUNS]])


def plain(kind: pa.DataType) -> pa.DataType:
    """Times and dates as numbers, as Python has no year 0."""
    if pa.types.is_timestamp(kind):
        return pa.int64()
    return pa.int32() if pa.types.is_date(kind) else kind


def sums(table: pa.Table, without: list) -> pa.Table:
    """One row per partition: from its first offset to its last, and what became of its messages."""
    found = {}
    for row in table.to_pylist():
        known = found.setdefault((row["topic"], row["partition"]), {"offsetFrom": row["offsetFrom"], "drift": {}})
        known["offsetTo"] = row["offsetTo"]
        for field, count in row["schemaDrift"] or []:
            known["drift"][field] = known["drift"].get(field, 0) + count
        for name, value in row.items():
            if isinstance(value, int) and name not in ["partition", "offsetFrom", "offsetTo", *without]:
                known[name] = known.get(name, 0) + value
    rows = [{"topic": topic, "partition": partition, **known} for (topic, partition), known in found.items()]
    drift = pa.array([list(row.pop("drift").items()) for row in rows], pa.map_(pa.string(), pa.int64()))
    return pa.Table.from_pylist(rows).append_column("schemaDrift", drift)


def match(left: pa.Table, right: pa.Table, key: list | None) -> tuple[pa.Table, pa.Table, list]:
    """Rows of the same key beside each other, and those that only one side has."""
    if key is None:
        rows = min(left.num_rows, right.num_rows)
        differing = [] if left.num_rows == right.num_rows else [difference("rows", abs(left.num_rows - right.num_rows), [])]
        return left.slice(0, rows), right.slice(0, rows), differing
    if all(left[name].equals(right[name]) for name in key):
        return left, right, []
    names = [[tuple(row.values()) for row in table.select(key).to_pylist()] for table in (left, right)]
    both = set(names[0]) & set(names[1])
    differing = []
    for side, here in zip(("left", "right"), names):
        only = [name for name in here if name not in both]
        if only:
            differing.append(difference(f"rows only on the {side}", len(only), only[:EXAMPLES]))
        if len(set(here)) < len(here):
            differing.append(difference(f"rows of the {side} that repeat a key", len(here) - len(set(here)), []))
    kept = [table.take([at for at, name in enumerate(here) if name in both]) for table, here in zip((left, right), names)]
    return kept[0], kept[1], differing


def compare_column(name: str, left: pa.Table, right: pa.Table, key: list | None) -> list:
    mine, others = left[name], right[name]
    if mine.type != others.type:
        return [difference(f"type of {name}", None, [str(mine.type), str(others.type)])]
    is_map = pa.types.is_map(mine.type)
    if not is_map and mine.equals(others):
        return []
    count, examples = 0, []
    for start in range(0, min(len(mine), len(others)), BLOCK):
        a, b = mine.slice(start, BLOCK), others.slice(start, BLOCK)
        if not is_map and a.equals(b):
            continue
        for at, (x, y) in enumerate(zip(a.to_pylist(), b.to_pylist())):
            if is_map and x is not None and y is not None:
                x, y = entries_that_differ(x, y)
            if x == y:
                continue
            count += 1
            if len(examples) < EXAMPLES:
                place = [left[column][start + at].as_py() for column in key] if key else start + at
                examples.append({"row": place, "left": x, "right": y})
    return [difference(name, count, examples)] if count else []


def entries_that_differ(left: list, right: list) -> tuple[dict, dict]:
    """The order of a map's entries means nothing, and a count that is not there is 0."""
    x, y = dict(left), dict(right)
    keys = [key for key in sorted({*x, *y}) if x.get(key, 0) != y.get(key, 0)]
    return {key: x.get(key, 0) for key in keys}, {key: y.get(key, 0) for key in keys}


def difference(what: str, rows: int | None, examples: list) -> dict:
    return {"what": what, "rows": rows, "examples": examples}


main(*sys.argv[1:])
