import { assertEquals, assertInstanceOf, assertStringIncludes, assertThrows } from "@std/assert";
import type { Actions } from "../../../lib/delta/actions/actions.ts";
import { parseCommit, serializeCommit } from "../../../lib/delta/actions/commit_codec.ts";
import { CorruptLogError } from "../../../lib/delta/errors.ts";
import { fakeAdd, firstActions, seededRandom, someActions } from "../test_context.ts";

Deno.test({
  name: "what is serialized comes back, with 64-bit transaction versions exact",
  permissions: "none",
  fn: () => {
    const actions: Actions = {
      ...firstActions({ id: "long" }, [], { "delta.appendOnly": "true" }),
      commitInfo: {
        timestamp: 5,
        operation: "WRITE",
        isBlindAppend: true,
        operationMetrics: { numFiles: "1" },
      },
      txns: [
        { appId: 'quote " and \\ and 😈', version: 2n ** 63n - 1n, lastUpdated: 9 },
        { appId: "small", version: -1n },
      ],
      removes: [{ path: "old", deletionTimestamp: 3, dataChange: true, partitionValues: { p: null } }],
      adds: [
        fakeAdd("a%20b", { partitionValues: { p: "x\ny" }, stats: '{"numRecords":1}', tags: { t: "v" } }),
      ],
    };
    assertEquals(parse(serializeCommit(actions)), actions);
  },
});

Deno.test({
  name: "random transaction versions survive the round trip",
  permissions: "none",
  fn: () => {
    const random = seededRandom(1);
    for (let run = 0; run < 500; run++) {
      const version = BigInt.asIntN(64, BigInt(Math.floor(random() * 2 ** 52)) ** 2n >> BigInt(run % 60));
      const actions = someActions({ txns: [{ appId: `app ${run}`, version }] });
      assertEquals(parse(serializeCommit(actions)), actions);
    }
  },
});

Deno.test({
  name: "commitInfo stands first, and every action has its own line",
  permissions: "none",
  fn: () => {
    const actions = {
      ...firstActions({ id: "long" }),
      commitInfo: { operation: "CREATE TABLE" },
      adds: [fakeAdd("a")],
    };
    const lines = new TextDecoder().decode(serializeCommit(actions)).split("\n");
    assertEquals(lines.map((line) => line.slice(0, 8)), ['{"commit', '{"protoc', '{"metaDa', '{"add":{', ""]);
  },
});

Deno.test({
  name: "unknown actions, unknown fields, nulls for absent fields and blank lines are passed over",
  permissions: "none",
  fn: () => {
    const text = [
      '{"cdc":{"path":"x"}}',
      "",
      '{"add":{"path":"a","partitionValues":{},"size":1,"modificationTime":2,"dataChange":true,"stats":null,"new":1}}',
      '{"domainMetadata":{"domain":"d"}}\r',
      '{"remove":{"path":"b","dataChange":true,"deletionTimestamp":null,"partitionValues":null}}',
    ].join("\n");
    const { adds, removes } = parse(new TextEncoder().encode(text));
    assertEquals(adds.map(({ path, stats }) => [path, stats]), [["a", undefined]]);
    assertEquals(removes, [{ path: "b", dataChange: true }]);
  },
});

const BROKEN: readonly (readonly [string, string])[] = [
  ["{", "JSON"],
  ["[]", "the line is an array, expected an object"],
  ['{"add":{"partitionValues":{},"size":1,"modificationTime":2}}', "path is missing, expected a string"],
  [
    '{"add":{"path":"a","partitionValues":{},"size":"1","modificationTime":2}}',
    'size is "1", expected an integer',
  ],
  ['{"add":{"path":"a","partitionValues":{"p":1},"size":1,"modificationTime":2}}', "partitionValues.p is 1"],
  ['{"add":{"path":"a","size":1,"modificationTime":2}}', "partitionValues is missing, expected an object"],
  ['{"txn":{"appId":"x","version":1.5}}', 'txn.version is "1.5", expected a 64-bit integer'],
  ['{"metaData":{"id":"x","schemaString":"{}"}}', "partitionColumns is missing, expected an array"],
  ['{"protocol":{"minReaderVersion":1}}', "minWriterVersion is missing, expected an integer"],
];

Deno.test({
  name: "a broken line is named with its file, version and line number",
  permissions: "none",
  fn: () => {
    for (const [line, reason] of BROKEN) {
      const error = assertThrows(
        () => parse(new TextEncoder().encode(`{"other":{}}\n${line}\n`)),
        CorruptLogError,
      );
      assertInstanceOf(error, CorruptLogError);
      assertStringIncludes(error.message, reason);
      assertEquals([error.version, error.line], [12, 2]);
      assertEquals(error.path, "_delta_log/00000000000000000012.json");
    }
  },
});

Deno.test({
  name: "bytes that are no UTF-8 are a corrupt log",
  permissions: "none",
  fn: () => {
    assertThrows(() => parse(new Uint8Array([0x7b, 0xff, 0x7d])), CorruptLogError, "no UTF-8");
  },
});

function parse(bytes: Uint8Array): Actions {
  const actions = parseCommit(bytes, 12);
  for (const { error } of actions.faults ?? []) throw error;
  return actions;
}

Deno.test("a time in commitInfo that is no time counts as absent", () => {
  const info = { operation: "WRITE", timestamp: {}, inCommitTimestamp: "soon" };
  const line = new TextEncoder().encode(JSON.stringify({ commitInfo: info }));
  assertEquals(parseCommit(line, 1).commitInfo, { operation: "WRITE" });
});
