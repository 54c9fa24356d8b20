"""Starts Apache Spark with Delta: small, and on this machine alone."""

import glob

from pyspark.sql import SparkSession


def start_spark(jars: str) -> SparkSession:
    # The jars that pyspark brings are on the class path already.
    own = [path for path in glob.glob(f"{jars}/*.jar") if "/scala-library" not in path]
    return (
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
