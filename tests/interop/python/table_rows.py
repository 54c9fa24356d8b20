"""Rows of an Arrow table as JSON lines, in the words of tests/interop/pipeline_folder.ts."""

import json

import pyarrow as pa

TABLES = {
    "landing": "landing_zone/trains_travel",
    "quarantine": "quarantine_zone/trains_travel",
    "standard": "standard_zone/trains_travel",
    "batches": "quality_zone/batches",
    "runs": "quality_zone/trains_travel",
    "results": "quality_zone/rule_results",
    "train_runs": "analysis_zone/train_runs",
    "leg_delays": "analysis_zone/leg_delays",
    "station_days": "analysis_zone/station_days",
}


def write_rows(table: pa.Table, path: str) -> None:
    """One row a line: 64-bit integers as digits, times as microseconds, dates as text, bytes as a list."""
    table = pa.table({field.name: exact(table.column(field.name), field.type) for field in table.schema})
    encoders = [(field.name, encoder(field.type)) for field in table.schema]
    with open(path, "w", encoding="utf-8") as file:
        for row in table.to_pylist():
            values = {name: None if row[name] is None else encode(row[name]) for name, encode in encoders}
            file.write(json.dumps(values, ensure_ascii=False) + "\n")


def exact(column: pa.ChunkedArray, kind: pa.DataType) -> pa.ChunkedArray:
    """Python's times know their zone only with a database; microseconds need none."""
    return column.cast(pa.timestamp("us", "UTC")).cast(pa.int64()) if pa.types.is_timestamp(kind) else column


def encoder(kind: pa.DataType):
    if pa.types.is_int64(kind):
        return str
    if pa.types.is_date(kind):
        return lambda value: value.isoformat()
    if pa.types.is_binary(kind) or pa.types.is_large_binary(kind):
        return list
    if pa.types.is_map(kind):
        key, item = encoder(kind.key_type), encoder(kind.item_type)
        return lambda pairs: [{"key": key(k), "value": None if v is None else item(v)} for k, v in pairs]
    if pa.types.is_list(kind) or pa.types.is_large_list(kind):
        element = encoder(kind.value_type)
        return lambda values: [None if value is None else element(value) for value in values]
    if pa.types.is_struct(kind):
        fields = [(field.name, encoder(field.type)) for field in kind]
        return lambda value: {name: None if value[name] is None else encode(value[name]) for name, encode in fields}
    return lambda value: value
