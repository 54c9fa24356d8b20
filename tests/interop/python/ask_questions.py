"""Asks the questions of data_files/README.md, each in the language of its block, on the tables of a folder.

usage: ask_questions.py BLOCKS JAR_FOLDER

BLOCKS is a JSON file: by engine the code of each block, in the order of the page. Prints one JSON object: by engine the
answers, each with columns and rows; null for a block that answers nothing.
"""

import ast
import datetime
import decimal
import json
import sys

from spark_session import start_spark


def main(path: str, jars: str) -> None:
    with open(path, encoding="utf-8") as file:
        blocks = json.load(file)
    print(json.dumps({
        "polars": ask_polars(blocks["polars"]),
        "DuckDB": ask_duckdb(blocks["DuckDB"]),
        "Spark": ask_spark(blocks["Spark"], jars),
    }))


def ask_polars(blocks: list) -> list:
    names: dict = {}
    return [frame_answer(run_python(block, names)) for block in blocks]


def run_python(code: str, names: dict):
    """Runs a block as a cell of a notebook: its last expression is its value."""
    tree = ast.parse(code)
    last = ast.Expression(tree.body.pop().value) if isinstance(tree.body[-1], ast.Expr) else None
    exec(compile(tree, "block", "exec"), names)
    return None if last is None else eval(compile(last, "block", "eval"), names)


def frame_answer(frame):
    return None if frame is None else answer(frame.columns, frame.rows())


def ask_duckdb(blocks: list) -> list:
    import duckdb
    from duckdb_extensions import import_extension

    connection = duckdb.connect()
    # As `INSTALL delta` does where there is a network.
    import_extension("delta", con=connection)
    answers = []
    for block in blocks:
        result = connection.sql(block)
        answers.append(None if result is None else answer(result.columns, result.fetchall()))
    return answers


def ask_spark(blocks: list, jars: str) -> list:
    spark = start_spark(jars)
    answers = []
    for block in blocks:
        statements = [part for part in block.split(";") if part.strip()]
        frames = [spark.sql(statement) for statement in statements]
        isQuery = statements[-1].strip().startswith("SELECT")
        rows = [tuple(row) for row in frames[-1].collect()] if isQuery else []
        answers.append(answer(frames[-1].columns, rows) if isQuery else None)
    spark.stop()
    return answers


def answer(columns: list, rows: list) -> dict:
    return {"columns": list(columns), "rows": [[plain(value) for value in row] for row in rows]}


def plain(value):
    if isinstance(value, decimal.Decimal):
        value = float(value)
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, (datetime.date, datetime.datetime)):
        return value.isoformat()
    return value


main(*sys.argv[1:])
