"""delta-rs as a peer of the interop tests: does what it is asked, one JSON line at a time."""

import datetime
import decimal
import re

import pyarrow as pa
from deltalake import CommitProperties, DeltaTable, Transaction, write_deltalake

from arrow_types import write_arrow_types
from peer_values import EPOCH, map_to_json, serve, to_json

TYPES = {
    "string": pa.string(),
    "long": pa.int64(),
    "integer": pa.int32(),
    "short": pa.int16(),
    "byte": pa.int8(),
    "float": pa.float32(),
    "double": pa.float64(),
    "boolean": pa.bool_(),
    "binary": pa.binary(),
    "date": pa.date32(),
    "timestamp": pa.timestamp("us", tz="UTC"),
    "timestamp_ntz": pa.timestamp("us"),
}


def arrow_type(name):
    sizes = re.fullmatch(r"decimal\((\d+),(\d+)\)", name)
    return pa.decimal128(int(sizes[1]), int(sizes[2])) if sizes else TYPES[name]


def from_json(value, name):
    if value is None:
        return None
    if name in ("long", "integer", "short", "byte"):
        return int(value)
    if name in ("float", "double"):
        return float(value)
    if name.startswith("decimal"):
        return decimal.Decimal(value)
    if name == "date":
        return datetime.date.fromisoformat(value)
    if name == "timestamp":
        return (EPOCH + datetime.timedelta(microseconds=int(value))).replace(tzinfo=datetime.timezone.utc)
    if name == "timestamp_ntz":
        return EPOCH + datetime.timedelta(microseconds=int(value))
    return bytes.fromhex(value) if name == "binary" else value


def frame_of(columns, rows):
    """columns is {name: Delta type}, rows are lists of JSON values."""
    fields = list(columns.items())
    arrays = [
        pa.array([from_json(row[index], name) for row in rows], arrow_type(name)) for index, (_, name) in enumerate(fields)
    ]
    return pa.table(arrays, names=[name for name, _ in fields])


def column_to_json(column):
    if pa.types.is_map(column.type):
        return [None if pairs is None else map_to_json(pairs) for pairs in column.to_pylist()]
    return [to_json(value) for value in column.to_pylist()]


def rows(path, version=None):
    table = DeltaTable(path, version=version).to_pyarrow_table()
    columns = {name: column_to_json(table[name]) for name in table.column_names}
    return [{name: columns[name][index] for name in columns} for index in range(table.num_rows)]


def version(path):
    return DeltaTable(path).version()


def write(path, columns, rows, **options):
    write_deltalake(path, frame_of(columns, rows), **options)
    return version(path)


def write_with_transaction(path, columns, rows, app_id, app_version):
    properties = CommitProperties(app_transactions=[Transaction(app_id, app_version)])
    write_deltalake(path, frame_of(columns, rows), mode="append", commit_properties=properties)
    return version(path)


def transaction_version(path, app_id):
    return to_json(DeltaTable(path).transaction_version(app_id))


def append_one_by_one(path, column, first, count):
    """Appends the ids from first on, a commit each; delta-rs runs a lost race again by itself."""
    for number in range(first, first + count):
        write_deltalake(path, pa.table({column: pa.array([number], pa.int64())}), mode="append")
    return version(path)


def merge(path, columns, rows, key):
    source = frame_of(columns, rows)
    merger = DeltaTable(path).merge(source, f"t.{key} = s.{key}", source_alias="s", target_alias="t")
    return to_json(merger.when_matched_update_all().when_not_matched_insert_all().execute())


def delete(path, predicate):
    DeltaTable(path).delete(predicate)
    return version(path)


def update(path, updates, predicate):
    DeltaTable(path).update(updates=updates, predicate=predicate)
    return version(path)


def optimize(path, **options):
    return to_json(DeltaTable(path).optimize.compact(**options))


def vacuum(path, **options):
    return DeltaTable(path).vacuum(enforce_retention_duration=False, **options)


def checkpoint(path):
    DeltaTable(path).create_checkpoint()
    return version(path)


def restore(path, target):
    DeltaTable(path).restore(target)
    return version(path)


def describe(path):
    table = DeltaTable(path)
    return {
        "version": to_json(table.version()),
        "schema": table.schema().to_json(),
        "partitionColumns": table.metadata().partition_columns,
        "configuration": table.metadata().configuration,
        "files": sorted(table.file_uris()),
        "operations": [entry.get("operation") for entry in table.history()],
    }


if __name__ == "__main__":
    serve({
        operation.__name__: operation
        for operation in (
            rows, version, write, write_with_transaction, transaction_version, append_one_by_one, merge, delete, update,
            optimize, vacuum, checkpoint, restore, describe, write_arrow_types,
        )
    })
