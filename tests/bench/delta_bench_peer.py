"""delta-rs doing one task of the Delta bench: prints wall and CPU seconds per run and the result as JSON.

Arguments: the task, the table (for "append" the folder of a new one), how often to do it, the rows to merge.
"""

import datetime
import json
import os
import sys
import time

import pyarrow as pa
import pyarrow.parquet as pq
from deltalake import DeltaTable, write_deltalake


def open_table(path, _):
    return DeltaTable(path).version()


def append(path, _):
    configuration = {"delta.checkpointInterval": "100"}
    for number in range(1000):
        batch = pa.table({"id": pa.array([number], pa.int64()), "text": [f"row {number}"]})
        write_deltalake(path, batch, mode="append", configuration=configuration if number == 0 else None)
    # The first version is the first row here, and an empty table with its peer.
    return DeltaTable(path).version() + 1


def read(path, _):
    return DeltaTable(path).to_pyarrow_table().num_rows


def read_pruned(path, _):
    filters = [("departureDate", "=", datetime.date(2025, 1, 8)), ("trainNumber", "<", 50)]
    return DeltaTable(path).to_pyarrow_table(filters=filters).num_rows


def merge(path, changes):
    source = pq.read_table(f"{changes}/changes.parquet")
    keys = "t.departureDate = s.departureDate and t.trainTravelId = s.trainTravelId"
    merger = DeltaTable(path).merge(source, keys, source_alias="s", target_alias="t")
    metrics = merger.when_matched_update_all().when_not_matched_insert_all().execute()
    return metrics["num_target_rows_updated"]


def optimize(path, _):
    return DeltaTable(path).optimize.compact()["numFilesRemoved"]


TASKS = {
    "open": open_table,
    "append": append,
    "read": read,
    "read pruned": read_pruned,
    "merge": merge,
    "optimize": optimize,
}


def main():
    task, path, runs, changes = (sys.argv[1:] + [""])[:4]
    seconds, cpu_seconds = [], []
    for _ in range(int(runs)):
        start, cpu_start = time.perf_counter(), time.process_time()
        result = TASKS[task](path, changes)
        seconds.append(time.perf_counter() - start)
        cpu_seconds.append(time.process_time() - cpu_start)
    print(json.dumps({"seconds": seconds, "cpuSeconds": cpu_seconds, "result": result}), flush=True)
    # Threads of pyarrow may end a process that is busy elsewhere with an abort when Python tears down.
    os._exit(0)


main()
