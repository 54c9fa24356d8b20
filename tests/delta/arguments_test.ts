/** Every public function beside arguments of every wrong kind: each is named, before anything is done. */
import { assertEquals, assertInstanceOf, assertStringIncludes, assertThrows } from "@std/assert";
import pl from "nodejs-polars";
import * as delta from "../../lib/delta/mod.ts";
import { seededTable } from "./seeded_table.ts";

/** What callers hand over by mistake, by what it is. */
const WRONG: Readonly<Record<string, unknown>> = {
  undefined: undefined,
  null: null,
  text: "text",
  "empty text": "",
  address: "s3://bucket/table",
  number: 5,
  "number with a fraction": -1.5,
  NaN: NaN,
  bigint: 5n,
  flag: true,
  array: [1, 2],
  "empty array": [],
  "object of another kind": { wher: 1 },
  "object without properties": {},
  promise: Promise.resolve(),
  callable: () => undefined,
  frame: pl.DataFrame({ nope: [1] }),
  expression: pl.col("n"),
  bytes: new Uint8Array(1),
  date: new Date(0),
};

/** One public function: its arguments as they should be, and for each which of {@linkcode WRONG} are right too. */
interface Case {
  readonly call: (...args: never[]) => unknown;
  readonly args: readonly (readonly [value: unknown, right?: readonly string[]])[];
}

const OPTIONAL = ["undefined", "object without properties"];
const OPEN = [...OPTIONAL, "object of another kind"];
const PLACE = ["text"];
const OBJECT = ["object of another kind", "object without properties", "promise", "date"];

const table = await seededTable();
const { schema, metadata } = table.snapshot;
const [add] = table.snapshot.files.values();
const rows = [{ id: 1n }];
const store = table.store;
const where = "id > 1";
const columns = { track: { kind: "int32", length: 1, present: null, values: Int32Array.of(4) } };
const TRACK = delta.tableSchema({ track: "integer" }).fields;

const CASES: Readonly<Record<string, Case>> = {
  addColumns: { call: delta.addColumns, args: [[table], [schema.fields, ["empty array"]]] },
  appendChange: { call: delta.appendChange, args: [[[add], ["empty array"]], [1, ["number"]], [metadata]] },
  appendFile: { call: delta.appendFile, args: [[table], [add], [{ rows: 1 }]] },
  appendFrame: { call: delta.appendFrame, args: [[table], [rows, ["empty array", "frame"]], [{}, OPTIONAL]] },
  checkpointIfDue: { call: delta.checkpointIfDue, args: [[table]] },
  checkpointTable: { call: delta.checkpointTable, args: [[table]] },
  columnBounds: { call: delta.columnBounds, args: [[["id"]], [table.snapshot]] },
  commitComputed: {
    call: delta.commitComputed,
    args: [[table], [() => undefined, ["callable"]], [{}, OPTIONAL]],
  },
  convertFolder: { call: delta.convertFolder, args: [[store, PLACE], [{}, OPTIONAL], [{}, OPEN]] },
  createTable: { call: delta.createTable, args: [[store, PLACE], [{ schema }], [{}, OPEN]] },
  deleteRows: {
    call: delta.deleteRows,
    args: [[table], [where, ["undefined", "text", "address"]], [{}, OPTIONAL]],
  },
  emptyFrame: { call: delta.emptyFrame, args: [[schema.fields, ["empty array"]]] },
  exactLiteral: {
    call: delta.exactLiteral,
    args: [[1n, [
      "null",
      "text",
      "empty text",
      "address",
      "number",
      "number with a fraction",
      "NaN",
      "bigint",
      "flag",
      "bytes",
    ]], [
      "long",
      ["text", "address"],
    ]],
  },
  fileMatcher: { call: delta.fileMatcher, args: [[where, ["text", "address"]], [table.snapshot]] },
  fitFrame: { call: delta.fitFrame, args: [[delta.frameOf(rows, schema), ["frame"]], [schema]] },
  formatTime: { call: delta.formatTime, args: [[1n, ["bigint"]]] },
  formatType: {
    call: delta.formatType,
    args: [["long", [
      "text",
      "empty text",
      "address",
      ...OBJECT,
      "array",
      "empty array",
      "frame",
      "bytes",
      "expression",
    ]]],
  },
  frameOf: { call: delta.frameOf, args: [[rows, ["empty array"]], [schema]] },
  columnsOfFrame: {
    call: delta.columnsOfFrame,
    args: [[pl.DataFrame({ nope: [1] }), ["frame"]], [[], ["empty array"]]],
  },
  frameOfColumns: {
    call: delta.frameOfColumns,
    args: [[columns, ["object without properties"]], [TRACK, ["empty array"]]],
  },
  gatherColumns: { call: delta.gatherColumns, args: [[[{ columns, from: 0, to: 1 }], ["empty array"]]] },
  packColumns: {
    call: delta.packColumns,
    args: [[columns, ["object without properties"]], [(size: number) => new ArrayBuffer(size), ["callable"]]],
  },
  longsOf: {
    call: delta.longsOf,
    args: [[{ kind: "int64", length: 1, present: null, halves: Int32Array.of(1, 0) }]],
  },
  rowCount: { call: delta.rowCount, args: [[columns, ["object without properties"]]] },
  frameRows: {
    call: (
      ...args: readonly never[]
    ) => [...delta.frameRows(...args as unknown as Parameters<typeof delta.frameRows>)],
    args: [[delta.frameOf(rows, schema), ["frame"]], [schema.fields, ["empty array"]]],
  },
  jitteredBackoff: { call: delta.jitteredBackoff, args: [[{}, OPTIONAL]] },
  mergeInto: { call: delta.mergeInto, args: [[table], [rows, ["empty array", "frame"]], [{ on: ["id"] }]] },
  openOrCreateTable: { call: delta.openOrCreateTable, args: [[store, PLACE], [{ schema }], [{}, OPEN]] },
  openTable: { call: delta.openTable, args: [[store, PLACE], [{}, OPEN]] },
  openTableAt: { call: delta.openTableAt, args: [[store, PLACE], [{ version: 0 }], [{}, OPEN]] },
  optimizeTable: { call: delta.optimizeTable, args: [[table], [{}, OPTIONAL]] },
  overwriteTable: {
    call: delta.overwriteTable,
    args: [[table], [rows, ["empty array", "frame"]], [{}, OPTIONAL]],
  },
  parsePredicate: {
    call: delta.parsePredicate,
    args: [[where, ["text", "empty text", "address"]], [schema]],
  },
  predicateColumns: { call: delta.predicateColumns, args: [[delta.parsePredicate(where, schema)]] },
  removeExpired: { call: delta.removeExpired, args: [[table], [{ retentionMs: 1 }]] },
  replaceGroups: {
    call: delta.replaceGroups,
    args: [[table], [rows, ["empty array", "frame"]], [{ by: ["id"] }]],
  },
  restoreTable: { call: delta.restoreTable, args: [[table], [{ version: 0 }], [{}, OPTIONAL]] },
  scanArrow: { call: drain(delta.scanArrow), args: [[table], [{}, OPTIONAL]] },
  scannedFiles: {
    call: delta.scannedFiles,
    args: [[table.snapshot], [where, ["undefined", "text", "address"]]],
  },
  scanTable: { call: drain(delta.scanTable), args: [[table], [{}, OPTIONAL]] },
  sourceColumn: { call: delta.sourceColumn, args: [["id", ["text", "address"]]] },
  statsRows: {
    call: delta.statsRows,
    args: [[add, [...OBJECT, "array", "empty array", "frame", "bytes", "expression"]]],
  },
  tableChanges: { call: drain(delta.tableChanges), args: [[table], [{ from: 0 }]] },
  tableProperties: { call: delta.tableProperties, args: [[metadata]] },
  tableSchema: {
    call: delta.tableSchema,
    args: [[{ id: "long" }, ["object without properties"]]],
  },
  toPolars: { call: delta.toPolars, args: [[where, ["text", "address"]], [schema]] },
  updateRows: { call: delta.updateRows, args: [[table], [{ set: { id: 1n } }], [{}, OPTIONAL]] },
  vacuumTable: { call: delta.vacuumTable, args: [[table], [{}, OPTIONAL]] },
  writeParquet: {
    call: drain(delta.writeParquet),
    args: [[new ReadableStream()], [schema], [{}, [...OPTIONAL, "object of another kind"]]],
  },
  versionAt: { call: delta.versionAt, args: [[store, PLACE], [0, ["number", "number with a fraction"]]] },
};

Deno.test("the cases below are all public functions", { permissions: "none" }, () => {
  const functions = Object.entries(delta).filter(([name, value]) =>
    typeof value === "function" && !/^[A-Z]/.test(name)
  );
  assertEquals(Object.keys(CASES).toSorted(), functions.map(([name]) => name).toSorted());
});

for (const [name, { call, args }] of Object.entries(CASES)) {
  Deno.test(`${name} names the argument that is of a wrong kind, what was found and what is expected`, async () => {
    const faults: string[] = [];
    const { version } = table.snapshot;
    for (const [index, [, right = []]] of args.entries()) {
      for (const [kind, wrong] of Object.entries(WRONG).filter(([kind]) => !right.includes(kind))) {
        const given = args.map(([value], at) => at === index ? wrong : value);
        const error = await failureOf(() => Reflect.apply(call, undefined, given));
        const isNamed = error instanceof TypeError &&
          /^Cannot (?:call|make|open) .+: found .+, expected /s.test(error.message);
        if (!isNamed) faults.push(`argument ${index + 1} as ${kind}: ${error}`);
      }
    }
    assertEquals(faults, []);
    assertEquals(table.snapshot.version, version, "nothing was done");
  });
}

const TYPOS: readonly (readonly [string, () => unknown, string])[] = [
  ["a condition", () => delta.updateRows(table, { set: { id: 1n }, wehre: where } as never), "update.wehre"],
  [
    "an option of a scan",
    () => Array.fromAsync(delta.scanTable(table, { column: ["id"] } as never)),
    "options.column",
  ],
  [
    "an action of a merge",
    () => delta.mergeInto(table, rows, { on: ["id"], whenMatched: [{ action: "upsert" } as never] }),
    "options.whenMatched[0].action",
  ],
  [
    "a bigint that is none",
    () => delta.appendFrame(table, rows, { txns: [{ appId: "a", version: 1 } as never] }),
    "options.txns[0]",
  ],
  ["a row that is none", () => delta.appendFrame(table, [{ id: 1n }, 5] as never), "rows[1]"],
  ["a clock that is none", () => delta.openTable(store, { clock: 5 } as never), "options.clock"],
];

for (const [what, call, place] of TYPOS) {
  Deno.test(`${what} is named by its place: ${place}`, async () => {
    const error = await failureOf(call);
    assertInstanceOf(error, TypeError);
    assertStringIncludes(error.message, `the argument "${place}"`);
  });
}

Deno.test("an address that no store here can open is refused as one, without its password", async () => {
  const error = await failureOf(() => delta.openTable("s3://key:secret@bucket/table"));
  assertInstanceOf(error, TypeError);
  assertStringIncludes(
    error.message,
    'Cannot open the table "s3://bucket/table": found an address with "s3://"',
  );
});

function drain<Args extends readonly unknown[]>(read: (...args: Args) => AsyncIterable<unknown>) {
  return (...args: Args) => Array.fromAsync(read(...args));
}

async function failureOf(call: () => unknown): Promise<unknown> {
  try {
    await call();
  } catch (error) {
    return error;
  }
  return undefined;
}

Deno.test("what is no type of a column is refused by name when the schema is made, at any depth", () => {
  const list = { type: "array", elementType: "strin", containsNull: true };
  const cases: readonly (readonly [type: unknown, found: string])[] = [
    [{ type: "string", nullable: false }, '{"type":"string","nullable":false}'],
    [{ type: "array" }, '{"type":"array"}'],
    [{ type: "struct" }, '{"type":"struct"}'],
    [{ type: "map", keyType: "string" }, '{"type":"map","keyType":"string"}'],
    [list, '"strin"'],
    [{ type: "struct", fields: [{ name: "x", type: list }] }, '"strin"'],
    [{ type: "map", keyType: "string", valueType: { type: "list" } }, '{"type":"list"}'],
  ];
  for (const [type, found] of cases) {
    const error = assertThrows(() => delta.tableSchema({ p: type } as never), TypeError);
    assertStringIncludes(
      error.message,
      `Cannot make the column "p": found the type ${found}, expected string, `,
    );
  }
});
