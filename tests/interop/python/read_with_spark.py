"""Reads all tables of a data folder with Apache Spark: rows as JSON lines, schema and count.

usage: read_with_spark.py DATA_FOLDER OUTPUT_FOLDER JAR_FOLDER
"""

import glob
import json
import sys

import pyarrow.parquet as pq
from pyspark.sql import SparkSession

from table_rows import TABLES, write_rows


def main(data: str, output: str, jars: str) -> None:
    # The jars that pyspark brings are on the class path already.
    own = [path for path in glob.glob(f"{jars}/*.jar") if "/scala-library" not in path]
    spark = (
        SparkSession.builder.master("local[1]")
        .config("spark.jars", ",".join(own))
        .config("spark.sql.extensions", "io.delta.sql.DeltaSparkSessionExtension")
        .config("spark.sql.catalog.spark_catalog", "org.apache.spark.sql.delta.catalog.DeltaCatalog")
        .config("spark.sql.session.timeZone", "UTC")
        .config("spark.sql.parquet.outputTimestampType", "TIMESTAMP_MICROS")
        .config("spark.driver.extraJavaOptions", "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC")
        .config("spark.sql.shuffle.partitions", "1")
        .config("spark.databricks.delta.snapshotPartitions", "1")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.ui.enabled", "false")
        .getOrCreate()
    )
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
