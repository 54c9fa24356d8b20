"""What another team may do to the standard table with delta-rs.

usage: maintain_standard.py DATA_FOLDER tidy|append|delete|add_columns|count_notes
"""

import json
import sys

import pyarrow as pa
from deltalake import DeltaTable, Field, write_deltalake
from deltalake.schema import PrimitiveType

from table_rows import TABLES

FOREIGN_DATE = "2001-01-01"


def tidy(table: DeltaTable) -> dict:
    """Compacts and sorts the files anew, removes the old ones, and leaves a checkpoint."""
    compacted = table.optimize.compact()
    sorted_anew = table.optimize.z_order(["stationShortCode", "trainNumber"])
    removed = table.vacuum(retention_hours=0, enforce_retention_duration=False, dry_run=False)
    table.create_checkpoint()
    return {
        "removedByCompaction": compacted["numFilesRemoved"],
        "removedBySorting": sorted_anew["numFilesRemoved"],
        "vacuumed": len(removed),
    }


def append(table: DeltaTable) -> dict:
    """Appends rows of a date of its own, which no message ever told of."""
    rows = table.to_pyarrow_table().slice(0, 7)
    date = pa.array([FOREIGN_DATE] * rows.num_rows).cast(pa.date32())
    at = rows.schema.get_field_index("departureDate")
    write_deltalake(table, rows.set_column(at, "departureDate", date), mode="append")
    return {"rows": rows.num_rows}


def delete(table: DeltaTable) -> dict:
    return {"rows": table.delete(f"departureDate = '{FOREIGN_DATE}'")["num_deleted_rows"]}


def add_columns(table: DeltaTable) -> dict:
    """Adds a column to every table of the lake, and fills it in the first row of each train."""
    for path in TABLES.values():
        DeltaTable(f"{data}/{path}").alter.add_columns([Field("note", PrimitiveType("string"), nullable=True)])
    table.update_incremental()
    updated = table.update(predicate="rowNumber = 0", updates={"note": "'theirs'"})
    return {"rows": updated["num_updated_rows"]}


def count_notes(table: DeltaTable) -> dict:
    rows = table.to_pyarrow_table(columns=["rowNumber", "note", "kafkaOffset"]).to_pylist()
    firsts = [row["note"] for row in rows if row["rowNumber"] == 0]
    others = [row["note"] for row in rows if row["rowNumber"] != 0]
    return {
        "rows": len(rows),
        "kept": firsts.count("theirs"),
        "fresh": firsts.count(None),
        "othersFilled": len(others) - others.count(None),
    }


data, action = sys.argv[1:]
actions = {
    "tidy": tidy,
    "append": append,
    "delete": delete,
    "add_columns": add_columns,
    "count_notes": count_notes,
}
print(json.dumps(actions[action](DeltaTable(f"{data}/{TABLES['standard']}"))))
