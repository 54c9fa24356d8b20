"""Reads all tables of a data folder with delta-rs: rows as JSON lines, schema, and whether the statistics bound the data.

usage: read_tables.py DATA_FOLDER OUTPUT_FOLDER
"""

import json
import sys
from urllib.parse import unquote

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from deltalake import DeltaTable

from table_rows import TABLES, write_rows


def main(data: str, output: str) -> None:
    summary = {name: read(name, f"{data}/{path}", output) for name, path in TABLES.items()}
    print(json.dumps(summary))


def read(name: str, path: str, output: str) -> dict:
    table = DeltaTable(path)
    write_rows(table.to_pyarrow_table(), f"{output}/{name}.ndjson")
    bounds, faults = check_statistics(table, path)
    return {
        "version": table.version(),
        "schema": json.loads(table.schema().to_json()),
        "partitionColumns": table.metadata().partition_columns,
        "files": len(table.file_uris()),
        "bounds": bounds,
        "faults": faults,
    }


def check_statistics(table: DeltaTable, path: str) -> tuple[int, list[str]]:
    """How many statistics were looked at, and those that do not hold."""
    adds = pa.table(table.get_add_actions(flatten=True)).to_pylist()
    bounds, faults = 0, []
    for add in adds:
        file = pq.ParquetFile(f"{path}/{unquote(add['path'])}").read()
        found = flatten(file)
        checks = {"num_records": file.num_rows == add["num_records"]}
        for key, value in add.items():
            kind, _, column = key.partition(".")
            if kind in ("min", "max", "null_count") and value is not None and column in found:
                checks[key] = holds(kind, value, found[column])
        bounds += len(checks)
        faults += [f"{add['path']}: {key} is {add.get(key)}" for key, good in checks.items() if not good]
    return bounds, faults


def holds(kind: str, value, column) -> bool:
    if kind == "null_count":
        return value == column.null_count
    if column.null_count == len(column):
        return False
    ends = pc.min_max(column).as_py()
    return value <= ends["min"] if kind == "min" else value >= ends["max"]


def flatten(file: pa.Table) -> dict:
    """Columns by the names that delta-rs gives their statistics: struct fields as column.field."""
    found = {}
    for field in file.schema:
        column = file.column(field.name)
        if pa.types.is_struct(field.type):
            for index, part in enumerate(field.type):
                found[f"{field.name}.{part.name}"] = comparable(pc.struct_field(column.combine_chunks(), [index]))
        found[field.name] = comparable(column)
    return found


def comparable(column):
    if pa.types.is_timestamp(column.type):
        return column.cast(pa.timestamp("us", "UTC"))
    # min_max knows no views.
    return column.cast(pa.string()) if pa.types.is_string_view(column.type) else column


main(*sys.argv[1:])
