"""Apache Spark with Delta as a peer of the interop tests: one session that runs SQL, one JSON line at a time.

Arguments: the folder of the Delta jars, and a folder for what Spark leaves behind.
"""

import glob
import os
import sys

# Spark tells times in the zone of the process.
os.environ["TZ"] = "UTC"

from pyspark.sql import SparkSession  # noqa: E402
from pyspark.sql.types import MapType  # noqa: E402

from peer_values import map_to_json, serve, to_json  # noqa: E402

SETTINGS = {
    "spark.sql.extensions": "io.delta.sql.DeltaSparkSessionExtension",
    "spark.sql.catalog.spark_catalog": "org.apache.spark.sql.delta.catalog.DeltaCatalog",
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.shuffle.partitions": "2",
    "spark.databricks.delta.snapshotPartitions": "1",
    "spark.databricks.delta.retentionDurationCheck.enabled": "false",
    # Spark asks which calendar dates before 1582 are in unless Spark itself wrote the file.
    "spark.sql.parquet.datetimeRebaseModeInRead": "CORRECTED",
    "spark.sql.parquet.datetimeRebaseModeInWrite": "CORRECTED",
    "spark.ui.enabled": "false",
    "spark.driver.memory": "1g",
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.log.level": "ERROR",
}

# For many small queries the JVM's second compiler costs more than it gives: half of all CPU time.
JAVA_OPTIONS = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"

session = None


def spark():
    global session
    if session is None:
        jars, folder = sys.argv[1], sys.argv[2]
        builder = SparkSession.builder.master("local[2]").appName("ratalake-interop")
        builder = builder.config("spark.jars", ",".join(glob.glob(f"{jars}/*.jar")))
        builder = builder.config("spark.sql.warehouse.dir", folder)
        options = f"{JAVA_OPTIONS} -Duser.timezone=UTC -Dderby.system.home={folder}"
        builder = builder.config("spark.driver.extraJavaOptions", options)
        for name, value in SETTINGS.items():
            builder = builder.config(name, value)
        session = builder.getOrCreate()
    return session


def frame_rows(frame):
    maps = {field.name for field in frame.schema.fields if isinstance(field.dataType, MapType)}
    return [
        {
            name: map_to_json(value.items()) if name in maps and value is not None else to_json(value)
            for name, value in row.asDict().items()
        }
        for row in frame.collect()
    ]


def sql(text):
    return frame_rows(spark().sql(text))


def configure(name, value):
    spark().conf.set(name, value)


def rows(path, version=None):
    reader = spark().read.format("delta")
    reader = reader if version is None else reader.option("versionAsOf", version)
    return frame_rows(reader.load(path))


if __name__ == "__main__":
    serve({operation.__name__: operation for operation in (sql, configure, rows)})
