"""Tables of delta-rs whose files say in their Arrow schema that they hold something else than Delta's types."""

import datetime
import decimal

import pyarrow as pa
from deltalake import DeltaTable, write_deltalake

from peer_values import map_to_json, to_json

NOON = datetime.datetime(2025, 2, 17, 12, 0, 0, 123456)
SECOND = NOON.replace(microsecond=0)
PAIR = pa.list_(pa.int32(), 2)
WORD = pa.dictionary(pa.int8(), pa.string())

CASES = {
    "fixed list": (pa.list_(pa.float32(), 2), [[1, None], None, [3, 4]]),
    "fixed list in fixed list": (pa.list_(pa.list_(pa.int64(), 2), 2), [[[1, 2], [3, 4]], None]),
    "fixed list in list": (pa.list_(PAIR), [[[1, 2]], [], None]),
    "fixed list in struct": (pa.struct([("a", PAIR), ("b", WORD)]), [{"a": [1, 2], "b": "x"}, None]),
    "fixed list in map": (pa.map_(pa.large_string(), PAIR), [[("a", [1, 2])], None, []]),
    "dictionary": (WORD, ["a", "b", None, "a"]),
    "dictionary of integers": (pa.dictionary(pa.int32(), pa.int64()), [2**60, None]),
    "dictionary of bytes": (pa.dictionary(pa.int8(), pa.binary()), [b"\xff", None]),
    "dictionaries in map": (pa.map_(WORD, WORD), [[("a", "b")], None]),
    "large text": (pa.large_string(), ["a", None]),
    "large bytes": (pa.large_binary(), [b"\x00", None]),
    "large list": (pa.large_list(pa.large_string()), [["a"], None]),
    "text view": (pa.string_view(), ["a", "longer than twelve characters", None]),
    "bytes view": (pa.binary_view(), [b"\xff", None]),
    "list view": (pa.list_view(pa.int32()), [[1], None, []]),
    "large list view": (pa.large_list_view(pa.string()), [["a"], None]),
    "fixed bytes": (pa.binary(4), [b"abcd", None]),
    "unsigned": (pa.uint64(), [2**63 - 1, None]),
    "seconds": (pa.timestamp("s"), [SECOND, None]),
    "milliseconds": (pa.timestamp("ms", tz="UTC"), [SECOND, None]),
    "nanoseconds": (pa.timestamp("ns"), [NOON, None]),
    "another zone": (pa.timestamp("us", tz="Europe/Helsinki"), [NOON, None]),
    "date in milliseconds": (pa.date64(), [datetime.date(2025, 2, 17), None]),
    "decimal": (pa.decimal128(38, 10), [decimal.Decimal("1.5"), None]),
    "nothing": (pa.null(), [None, None]),
    "nothing in struct": (pa.struct([("a", pa.null()), ("b", pa.int32())]), [{"a": None, "b": 1}, None]),
    "JSON": (pa.json_(), ["{}", None]),
    "UUID": (pa.uuid(), [b"0123456789abcdef", None]),
}


def column_to_json(column):
    if pa.types.is_map(column.type):
        return [None if pairs is None else map_to_json(pairs) for pairs in column.to_pylist()]
    return [to_json(value) for value in column.to_pylist()]


def write_arrow_types(folder):
    """Writes a table for each case; gives the rows as delta-rs reads them, or null where it cannot."""
    read = {}
    for name, (kind, values) in CASES.items():
        path = f"{folder}/{name}"
        table = pa.table({"id": pa.array(range(len(values)), pa.int64()), "v": pa.array(values, kind)})
        write_deltalake(path, table)
        try:
            found = DeltaTable(path).to_pyarrow_table()
            columns = [column_to_json(found[column]) for column in ("id", "v")]
            read[name] = [{"id": row, "v": value} for row, value in zip(*columns)]
        except pa.ArrowException:
            read[name] = None
    return read
