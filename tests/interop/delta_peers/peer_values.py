"""Values as the Delta interop tests exchange them: JSON that every engine can write without losing a digit.

Integers, decimals and timestamps (microseconds since 1970 UTC) are strings of digits, dates are ISO, binary is hex,
floats are numbers ("NaN", "Infinity", "-Infinity" in words), maps are sorted lists of {key, value}.
"""

import datetime
import decimal
import json
import math
import os
import sys

EPOCH = datetime.datetime(1970, 1, 1)
MICROSECOND = datetime.timedelta(microseconds=1)


def to_json(value):
    """Turns a Python value of any engine into its JSON form."""
    if value is None or isinstance(value, (bool, str)):
        return value
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        return value if math.isfinite(value) else "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
    if isinstance(value, decimal.Decimal):
        return format(value, "f")
    if isinstance(value, datetime.datetime):
        naive = value.astimezone(datetime.timezone.utc).replace(tzinfo=None) if value.tzinfo else value
        return str((naive - EPOCH) // MICROSECOND)
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, (bytes, bytearray, memoryview)):
        return bytes(value).hex()
    if hasattr(value, "asDict"):
        return {name: to_json(part) for name, part in value.asDict().items()}
    if isinstance(value, dict):
        return {name: to_json(part) for name, part in value.items()}
    if isinstance(value, (list, tuple)):
        return [to_json(part) for part in value]
    raise TypeError(f"no JSON form for {type(value)}")


def map_to_json(pairs):
    """A map as a list of {key, value}, in the order of their JSON."""
    entries = [{"key": to_json(key), "value": to_json(value)} for key, value in pairs]
    return sorted(entries, key=lambda entry: json.dumps(entry["key"]))


def serve(operations):
    """Answers each JSON line on stdin, {op, args}, by one on stdout, until stdin ends."""
    replies = os.fdopen(os.dup(1), "w")
    # Whatever else prints, Java included, goes to stderr.
    os.dup2(2, 1)
    replies.write('{"ok":"ready"}\n')
    replies.flush()
    for line in sys.stdin:
        request = json.loads(line)
        try:
            reply = {"ok": operations[request["op"]](**request["args"])}
        except Exception as error:
            reply = {"error": f"{type(error).__name__}: {error}"[:4000]}
        replies.write(json.dumps(reply) + "\n")
        replies.flush()
