import { assertEquals, assertThrows } from "@std/assert";
import { decodePath, encodePath, fileKey, realPath } from "../../../lib/delta/actions/log_encoding.ts";
import { folderValues, partitionFolder } from "../../../lib/delta/schema/partition_folder.ts";
import {
  parsePartitionValue,
  type PartitionValue,
  serializePartitionValue,
} from "../../../lib/delta/schema/partition_value.ts";
import type { DataType } from "../../../lib/delta/schema/schema.ts";
import { seededRandom } from "../test_context.ts";

// Value, type, text in the log.
const TEXTS: readonly (readonly [PartitionValue, DataType, string])[] = [
  ["plain", "string", "plain"],
  [" /%20%f=", "string", " /%20%f="],
  ["2025-02-17", "date", "2025-02-17"],
  [0n, "timestamp", "1970-01-01T00:00:00.000000Z"],
  [-1n, "timestamp", "1969-12-31T23:59:59.999999Z"],
  [1_739_766_095_183_001n, "timestamp", "2025-02-17T04:21:35.183001Z"],
  [-(2n ** 63n), "long", "-9223372036854775808"],
  [2 ** 31 - 1, "integer", "2147483647"],
  [-128, "byte", "-128"],
  [0.1, "double", "0.1"],
  [-Infinity, "double", "-Infinity"],
  [NaN, "float", "NaN"],
  [true, "boolean", "true"],
  ["12.000000000000000000", "decimal(38,18)", "12.000000000000000000"],
  [new TextEncoder().encode("😈"), "binary", "😈"],
  [null, "long", ""],
];

Deno.test({
  name: "each type has its text in the log, and comes back from it",
  permissions: "none",
  fn: () => {
    for (const [value, type, text] of TEXTS) {
      assertEquals(serializePartitionValue(value, type), text === "" ? null : text);
      assertEquals(parsePartitionValue(text, type), value);
    }
  },
});

Deno.test({
  name: "null, the empty string and empty bytes are null in the log",
  permissions: "none",
  fn: () => {
    assertEquals(serializePartitionValue(null, "string"), null);
    assertEquals(serializePartitionValue("", "string"), null);
    assertEquals(serializePartitionValue(new Uint8Array(), "binary"), null);
    assertEquals(parsePartitionValue(undefined, "date"), null);
  },
});

Deno.test({
  name: "times as Spark writes them are read as UTC",
  permissions: "none",
  fn: () => {
    assertEquals(parsePartitionValue("1970-01-02 08:45:00", "timestamp"), 117_900_000_000n);
    assertEquals(parsePartitionValue("1970-01-01 00:00:00.5", "timestamp"), 500_000n);
  },
});

Deno.test({
  name: "every spelling that delta-rs and Spark write is read as the value that it stands for",
  permissions: "none",
  fn: () => {
    const spellings: readonly (readonly [DataType, PartitionValue, readonly string[]])[] = [
      ["double", Infinity, ["inf", "Infinity", "+inf", "INF", "+Infinity", "infinity", "1e400"]],
      ["double", -Infinity, ["-inf", "-Infinity", "-INFINITY", "-1e400"]],
      ["float", NaN, ["NaN", "nan", "NAN", "-nan", "+NaN"]],
      ["double", 1e21, ["1.0E21", "1e+21", "1e21", "1000000000000000000000", "1000000000000000000000.0"]],
      ["double", -0, ["-0.0", "-0", "-0E0", "-0."]],
      ["double", 0.5, [".5", "0.5", "+0.5", "5.0E-1"]],
      ["boolean", true, ["true", "True", "TRUE"]],
      ["date", "+10000-01-01", ["+10000-01-01", "10000-01-01"]],
      ["date", "-0001-11-28", ["-0001-11-28"]],
      ["timestamp", -62_135_596_800_000_001n, ["0000-12-31 23:59:59.999999", "0000-12-31T23:59:59.999999Z"]],
      ["timestamp", 253_402_300_800_000_000n, ["+10000-01-01 00:00:00.000000", "+10000-01-01T00:00:00Z"]],
      ["timestamp_ntz", 60_000_000n, ["1970-01-01 00:01:00.000000", "1970-01-01 00:01:00"]],
      ["decimal(38,18)", "0.000000000000000001", ["1E-18", "0.000000000000000001"]],
      ["decimal(38,18)", "0.000000000000000000", ["0E-18", "0", "-0.0"]],
      ["decimal(10,2)", "-1.50", ["-1.50", "-1.5", "-1.-50", "-15E-1", "-1.500"]],
      ["decimal(10,2)", "-0.01", ["-0.01", "0.-1", "-1E-2"]],
      ["decimal(5,0)", "1200", ["1200", "1.2E+3", "1200.0"]],
    ];
    for (const [type, value, texts] of spellings) {
      for (const text of texts) assertEquals(parsePartitionValue(text, type), value, text);
    }
    for (
      const [text, type] of [["0x10", "double"], ["1 ", "double"], ["infinit", "double"], [
        "1.005",
        "decimal(5,2)",
      ], [
        "1000",
        "decimal(5,2)",
      ], ["1E5", "decimal(5,2)"]] as const
    ) {
      assertThrows(() => parsePartitionValue(text, type), TypeError, "Cannot read the partition value");
    }
  },
});

const WRONG: readonly (readonly [PartitionValue, DataType])[] = [
  [5, "string"],
  ["5", "integer"],
  [2 ** 31, "integer"],
  [1.5, "long"],
  [2 ** 53, "long"],
  [2n ** 63n, "long"],
  ["2025-02-30", "date"],
  ["17.2.2025", "date"],
  ["1e5", "decimal(5,2)"],
  ["true", "boolean"],
  [new Uint8Array([0xff]), "binary"],
  ["x", { type: "array", elementType: "string", containsNull: true }],
];

Deno.test({
  name: "a value of another type is refused",
  permissions: "none",
  fn: () => {
    for (const [value, type] of WRONG) {
      assertThrows(() => serializePartitionValue(value, type), TypeError, "Cannot write the partition value");
    }
    for (
      const [text, type] of [["x", "long"], ["yes", "boolean"], ["2025-13-01", "date"], [
        "99:99",
        "timestamp",
      ]] as const
    ) {
      assertThrows(() => parsePartitionValue(text, type), TypeError, "Cannot read the partition value");
    }
    assertThrows(() => parsePartitionValue("2025-02-17T25:00:00Z", "timestamp"), TypeError);
  },
});

Deno.test({
  name: "folders escape what delta-rs escapes, and the log encodes them once more",
  permissions: "none",
  fn: () => {
    const folder = partitionFolder(["letter", "date", "data"], {
      letter: "/%20%f",
      date: "1970-01-01",
      data: null,
    });
    assertEquals(folder, "letter=%2F%2520%25f/date=1970-01-01/data=__HIVE_DEFAULT_PARTITION__/");
    assertEquals(
      encodePath(`${folder}x`),
      `letter=%252F%252520%2525f/date=1970-01-01/data=__HIVE_DEFAULT_PARTITION__/x`,
    );
    assertEquals(
      partitionFolder(["time"], { time: "1970-01-02 08:45:00" }),
      "time=1970-01-02%2008%3A45%3A00/",
    );
    assertEquals(encodePath("time=1970-01-02%2008%3A45%3A00/"), "time=1970-01-02%252008%253A45%253A00/");
    assertEquals(partitionFolder(["p"], { p: "$&+,;@~é" }), "p=%24%26%2B%2C%3B%40~é/");
    assertEquals(partitionFolder([], {}), "");
  },
});

Deno.test({
  name: "any text survives the way into a path and back, in a folder of its own",
  permissions: "none",
  fn: () => {
    const random = seededRandom(7);
    for (let run = 0; run < 2000; run++) {
      const value = randomText(random);
      const place = `${partitionFolder(["p=q"], { "p=q": value })}file`;
      assertEquals(place.split("/").length, 2);
      const path = encodePath(place);
      assertEquals([decodePath(path), realPath(path)], [place, place]);
      assertEquals(folderValues(place), { "p=q": value === "" ? null : value });
      const folder = place.slice("p%3Dq=".length, -"/file".length);
      assertEquals(value === "" ? "" : decodeURIComponent(folder), value);
    }
  },
});

Deno.test({
  name: "a path is encoded as delta-rs spells it again when it removes the file",
  permissions: "none",
  fn: () => {
    assertEquals(encodePath("a:b/c:d"), "a%3Ab/c:d");
    assertEquals(encodePath("p=x$&+,;@!'()*~-_.=/é%"), "p=x$&+,;@!'()%2A~-_.=/%C3%A9%25");
    assertEquals(encodePath('p= "#<>?[\\]^`{|}'), "p=%20%22%23%3C%3E%3F%5B%5C%5D%5E%60%7B%7C%7D");
  },
});

Deno.test({
  name: "a file is known by its spelling in the log, as other engines know it; two spellings are two files",
  permissions: "none",
  fn: () => {
    assertEquals(fileKey("p=%c3%a9/x"), fileKey("p=%C3%A9/x"));
    for (const [one, other] of [["p=%2Bx/f", "p=+x/f"], ["p=é/f", "p=%C3%A9/f"]] as const) {
      assertEquals([realPath(one), fileKey(one) === fileKey(other)], [realPath(other), false]);
    }
  },
});

Deno.test({
  name: "paths that others did not encode stand for themselves, and places elsewhere are refused",
  permissions: "none",
  fn: () => {
    assertEquals(decodePath("data=😈/100%"), "data=😈/100%");
    for (const path of ["s3://bucket/x", "/absolute", "file:///x"]) {
      assertThrows(() => decodePath(path), TypeError);
    }
  },
});

function randomText(random: () => number): string {
  const alphabet = [..."ab/%=:?#\\ \"'{}[]^*\t\n\u007f\u0001äÖ😈\uffff\u{10ffff}.-_~+&"];
  const length = Math.floor(random() * 12);
  return Array.from({ length }, () => alphabet[Math.floor(random() * alphabet.length)] ?? "").join("");
}
