import { assertEquals, assertThrows } from "@std/assert";
import { parseInterval, tableProperties } from "../../../lib/delta/actions/table_properties.ts";

const DAY_MS = 86_400_000;

Deno.test({
  name: "a table that says nothing has the defaults of Delta",
  permissions: "none",
  fn: () =>
    assertEquals(tableProperties({ configuration: {} }), {
      appendOnly: false,
      logRetentionMs: 30 * DAY_MS,
      enableExpiredLogCleanup: true,
      deletedFileRetentionMs: 7 * DAY_MS,
      checkpointInterval: 10,
      dataSkippingNumIndexedCols: 32,
      isolationLevel: "WriteSerializable",
      setTransactionRetentionMs: undefined,
      targetFileSizeBytes: 128 * 2 ** 20,
    }),
});

Deno.test({
  name: "properties are read as Spark writes them",
  permissions: "none",
  fn: () =>
    assertEquals(
      tableProperties({
        configuration: {
          "delta.appendOnly": "TRUE",
          "delta.logRetentionDuration": "interval 1 week",
          "delta.enableExpiredLogCleanup": "false",
          "delta.deletedFileRetentionDuration": "interval 36 hours",
          "delta.checkpointInterval": "100",
          "delta.dataSkippingNumIndexedCols": "-1",
          "delta.isolationLevel": "Serializable",
          "delta.setTransactionRetentionDuration": "2 days",
          "delta.targetFileSize": "100mb",
          "delta.somethingNew": "whatever",
          "owner": "me",
        },
      }),
      {
        appendOnly: true,
        logRetentionMs: 7 * DAY_MS,
        enableExpiredLogCleanup: false,
        deletedFileRetentionMs: 1.5 * DAY_MS,
        checkpointInterval: 100,
        dataSkippingNumIndexedCols: -1,
        isolationLevel: "Serializable",
        setTransactionRetentionMs: 2 * DAY_MS,
        targetFileSizeBytes: 100 * 2 ** 20,
      },
    ),
});

Deno.test({
  name: "intervals add up their parts, and anything else is no interval",
  permissions: "none",
  fn: () => {
    const cases: readonly (readonly [string, number | undefined])[] = [
      ["interval 30 days", 30 * DAY_MS],
      ["INTERVAL 1 WEEK 2 DAYS 3 hours", 9 * DAY_MS + 3 * 3_600_000],
      ["90 seconds", 90_000],
      ["interval 1500 milliseconds", 1500],
      ["interval 2000 microseconds", 2],
      ["interval 0 days", 0],
      ["interval 1 month", undefined],
      ["interval -1 days", undefined],
      ["interval 1", undefined],
      ["interval", undefined],
      ["", undefined],
      ["30", undefined],
      ["1.5 days", undefined],
      ["1 constructor", undefined],
    ];
    for (const [text, expected] of cases) assertEquals(parseInterval(text), expected, text);
  },
});

Deno.test({
  name: "a property that makes no sense is an error with its name, its text and what was expected",
  permissions: "none",
  fn: () => {
    const cases: readonly (readonly [string, string, string])[] = [
      ["delta.appendOnly", "yes", "true or false"],
      ["delta.logRetentionDuration", "a month", "interval 30 days"],
      ["delta.checkpointInterval", "0", "1 or more"],
      ["delta.dataSkippingNumIndexedCols", "-2", "-1 or more"],
      ["delta.isolationLevel", "SnapshotIsolation", "Serializable or WriteSerializable"],
      ["delta.targetFileSize", "0", "bytes above 0"],
      ["delta.targetFileSize", "1tb", "bytes above 0"],
    ];
    for (const [name, text, expected] of cases) {
      const error = assertThrows(() => tableProperties({ configuration: { [name]: text } }), TypeError);
      const { message } = error as TypeError;
      assertEquals(
        [name, `"${text}"`, expected].filter((part) => !message.includes(part)),
        [],
        message,
      );
    }
  },
});
