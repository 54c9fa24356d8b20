"""Reads all tables of a data folder with Apache Spark: rows as JSON lines, schema and count.

usage: read_with_spark.py DATA_FOLDER OUTPUT_FOLDER JAR_FOLDER
"""

import json
import sys

import pyarrow.parquet as pq
from pyspark.sql import SparkSession

from spark_session import start_spark
from table_rows import TABLES, write_rows


def main(data: str, output: str, jars: str) -> None:
    spark = start_spark(jars)
    summary = {name: read(spark, name, f"{data}/{path}", output) for name, path in TABLES.items()}
    print(json.dumps(summary))
    spark.stop()


def read(spark: SparkSession, name: str, path: str, output: str) -> dict:
    frame = spark.read.format("delta").load(path)
    # Through Parquet, so that pyarrow tells Spark's values in the same words as those of delta-rs.
    frame.write.parquet(f"{output}/{name}.parquet")
    write_rows(pq.read_table(f"{output}/{name}.parquet"), f"{output}/{name}.ndjson")
    return {"schema": json.loads(frame.schema.json()), "count": frame.count()}


main(*sys.argv[1:])
