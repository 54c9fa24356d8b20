"""Answers questions over the tables of a data folder with DuckDB; times come as microseconds since 1970.

usage: ask_duckdb.py DATA_FOLDER QUESTIONS_FILE

The last line is a JSON list: the rows of each question, each a list of values.
"""

import datetime
import decimal
import json
import sys
from pathlib import Path

import duckdb
from duckdb_extensions import import_extension


def main(data: str, questions: str) -> None:
    connection = duckdb.connect()
    import_extension("delta", con=connection)
    connection.execute("LOAD delta")
    connection.execute("SET TimeZone = 'UTC'")
    for log in sorted(Path(data).glob("*/*/_delta_log")):
        zone, name = log.parent.parent.name, log.parent.name
        connection.execute(f"create schema if not exists {zone}")
        for table in [f"{zone}.{name}"] + ([name] if name != "trains_travel" else []):
            connection.execute(f"create view {table} as select * from delta_scan('{log.parent}')")
    answers = [connection.execute(question).fetchall() for question in json.loads(Path(questions).read_text())]
    print(json.dumps([[[plain(value) for value in row] for row in rows] for rows in answers]))


def plain(value):
    if isinstance(value, datetime.datetime):
        return value.astimezone(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    if isinstance(value, datetime.date):
        return str(value)
    return float(value) if isinstance(value, decimal.Decimal) else value


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
