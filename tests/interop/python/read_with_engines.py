"""Reads every table of a data folder at every version with DuckDB, ClickHouse and Sail, and beside them with delta-rs.

usage: read_with_engines.py DATA_FOLDER

The last line is a JSON object: how many figures each engine was asked for, and those in which it differs from delta-rs.
"""

import json
import os
import sys
import traceback
from pathlib import Path

import chdb
import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from deltalake import DeltaTable
from duckdb_extensions import import_extension
from pysail.spark import SparkConnectServer
from pyspark.sql import SparkSession

MODULO = 1_000_003
# Per kind of column what is asked of it, in the words of each engine; `@` is the column.
DUCKDB = {
    "integer": ["min(@)", "max(@)", f"sum(@ % {MODULO})::bigint"],
    "text": ["sum(strlen(@))::bigint", "min(@)", "max(@)"],
    "binary": ["sum(octet_length(@))::bigint"],
    "boolean": ["sum(@::int)::bigint"],
    "double": ["min(@)", "max(@)"],
    "date": ["min(@)::varchar", "max(@)::varchar"],
    "time": ["epoch_us(min(@))", "epoch_us(max(@))"],
    "nested": [],
}
CLICKHOUSE = {
    **DUCKDB,
    "integer": ["min(@)", "max(@)", f"sum(@ % {MODULO})"],
    "text": ["sum(length(@))", "min(@)", "max(@)"],
    "binary": ["sum(length(@))"],
    "boolean": ["sum(toInt64(@))"],
    "date": ["toString(min(@))", "toString(max(@))"],
    "time": ["toUnixTimestamp64Micro(toDateTime64(min(@), 6))", "toUnixTimestamp64Micro(toDateTime64(max(@), 6))"],
}
SAIL = {
    **DUCKDB,
    "integer": ["min(@)", "max(@)", f"sum(@ % {MODULO})"],
    "text": ["sum(octet_length(@))", "min(@)", "max(@)"],
    "binary": ["sum(octet_length(@))"],
    "boolean": ["sum(cast(@ as int))"],
    "date": ["cast(min(@) as string)", "cast(max(@) as string)"],
    "time": ["unix_micros(min(@))", "unix_micros(max(@))"],
}


def main(folder: str) -> None:
    data = os.path.abspath(folder)
    engines = {"duckdb": duckdb_asker(), "clickhouse": clickhouse_asker(data), "sail": sail_asker()}
    asked = {name: 0 for name in engines}
    faults: list[str] = []
    versions = 0
    for log in sorted(Path(data).glob("*/*/_delta_log")):
        path = str(log.parent.absolute())
        for version in range(DeltaTable(path).version() + 1):
            versions += 1
            rows = DeltaTable(path, version=version).to_pyarrow_table()
            kinds = {name: kind_of(rows.schema.field(name).type) for name in rows.column_names}
            for name, ask in engines.items():
                expected = [rows.num_rows, *figures(rows, kinds, name)]
                found = ask(path, version, kinds)
                asked[name] += len(expected)
                if found != expected:
                    faults.append(f"{name}, {path} at version {version}: {found}, expected {expected}"[:1000])
    print(json.dumps({"versions": versions, "asked": asked, "faults": faults}))


def kind_of(kind: pa.DataType) -> str:
    if pa.types.is_integer(kind):
        return "integer"
    if pa.types.is_floating(kind):
        return "double"
    if pa.types.is_boolean(kind):
        return "boolean"
    if pa.types.is_date(kind):
        return "date"
    if pa.types.is_timestamp(kind):
        return "time"
    if pa.types.is_nested(kind) or pa.types.is_map(kind):
        return "nested"
    return "binary" if "binary" in str(kind) else "text"


def figures(rows: pa.Table, kinds: dict[str, str], engine: str) -> list:
    """What delta-rs and Arrow say."""
    found = []
    for name, kind in kinds.items():
        column = rows[name]
        # ClickHouse has no lists, maps and structs that are null.
        if kind == "nested" and engine == "clickhouse":
            continue
        found.append(len(column) - column.null_count)
        least_most = pc.min_max(column) if kind not in ("nested", "boolean", "binary") else None
        values = column.drop_null()
        if kind == "integer":
            numbers = values.cast(pa.int64()).to_numpy()
            total = int(np.fmod(numbers, MODULO).sum()) if len(numbers) > 0 else None
            found += [least_most["min"].as_py(), least_most["max"].as_py(), total]
        elif kind in ("text", "binary"):
            found.append(pc.sum(pc.binary_length(values)).as_py())
            if kind == "text":
                found += [least_most["min"].as_py(), least_most["max"].as_py()]
        elif kind == "boolean":
            found.append(pc.sum(values.cast(pa.int64())).as_py())
        elif kind == "double":
            found += [least_most["min"].as_py(), least_most["max"].as_py()]
        elif kind == "date":
            found += [None if least_most[end].as_py() is None else str(least_most[end].as_py()) for end in ("min", "max")]
        elif kind == "time":
            found += [least_most[end].cast(pa.timestamp("us", "UTC")).value for end in ("min", "max")]
    return found


def columns_to_ask(kinds: dict[str, str], words: dict[str, list[str]], quote: str) -> str:
    texts = ["count(*)"]
    for name, kind in kinds.items():
        column = f"{quote}{name}{quote}"
        for text in [] if words is CLICKHOUSE and kind == "nested" else ["count(@)", *words[kind]]:
            texts.append(text.replace("@", column))
    return ", ".join(texts)


def duckdb_asker():
    connection = duckdb.connect()
    import_extension("delta", con=connection)
    connection.execute("LOAD delta")

    def ask(path: str, version: int, kinds: dict[str, str]) -> list:
        columns = columns_to_ask(kinds, DUCKDB, '"')
        return list(connection.execute(f"select {columns} from delta_scan('{path}', version => {version})").fetchone())

    return ask


def clickhouse_asker(data: str):
    # It reads below the folder that it was started in, and nowhere else.
    os.chdir(data)

    def ask(path: str, version: int, kinds: dict[str, str]) -> list:
        columns = columns_to_ask(kinds, CLICKHOUSE, "`")
        settings = f"delta_lake_snapshot_version = {version}, aggregate_functions_null_for_empty = 1"
        question = f"select {columns} from deltaLakeLocal('{path}') settings {settings}"
        text = str(chdb.query(question, "JSONCompactEachRow"))
        return json.loads(text)

    return ask


def sail_asker():
    server = SparkConnectServer("127.0.0.1", 0)
    server.start(background=True)
    port = server.listening_address[1]
    spark = SparkSession.builder.remote(f"sc://127.0.0.1:{port}").getOrCreate()

    def ask(path: str, version: int, kinds: dict[str, str], _server=server) -> list:
        # The server lives as long as somebody holds it.
        spark.read.format("delta").option("versionAsOf", str(version)).load(path).createOrReplaceTempView("asked")
        return list(spark.sql(f"select {columns_to_ask(kinds, SAIL, '`')} from asked").collect()[0])

    return ask


if __name__ == "__main__":
    try:
        main(sys.argv[1])
    except BaseException:
        # Sail's server would keep a process that fails from ending.
        traceback.print_exc()
        sys.stderr.flush()
        os._exit(1)
