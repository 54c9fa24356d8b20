"""Reads metrics as Prometheus' own client library does.

usage: read_metrics.py FILE

Prints a JSON list of families: [name, type, [[sample, labels, value], ...]]. What is no metric ends with an error.
"""

import json
import sys

from prometheus_client.parser import text_string_to_metric_families

with open(sys.argv[1], encoding="utf-8", newline="") as file:
    families = list(text_string_to_metric_families(file.read()))
print(json.dumps([
    [family.name, family.type, [[sample.name, sample.labels, sample.value] for sample in family.samples]]
    for family in families
]))
