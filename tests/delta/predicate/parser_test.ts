import { assertEquals, assertThrows } from "@std/assert";
import { tableSchema } from "../../../lib/delta/mod.ts";
import type { Predicate } from "../../../lib/delta/predicate/predicate.ts";
import { parsePredicate } from "../../../lib/delta/predicate/parser.ts";

const NONE = { permissions: "none" } as const;

const SCHEMA = tableSchema({
  id: "long",
  track: "byte",
  name: "string",
  "odd `name": "string",
  day: "date",
  time: "timestamp",
  money: "decimal(38,2)",
  ratio: "double",
  yes: "boolean",
  raw: "binary",
  ready: tableSchema({ accepted: "boolean", by: "string" }),
  Name: "string",
});

const id = { kind: "compare", column: ["id"], operator: "=", value: 1n } as const;
const yes = { kind: "compare", column: ["yes"], operator: "=", value: true } as const;

const READABLE: readonly (readonly [string, Predicate])[] = [
  ["id = 1", id],
  ["ID == 1", id],
  ["1 = id -- a comment", id],
  ["id = 9223372036854775807", { ...id, value: 2n ** 63n - 1n }],
  ["id=-1", { ...id, value: -1n }],
  ["5 < track", { kind: "compare", column: ["track"], operator: ">", value: 5 }],
  ["id <> NULL", { ...id, operator: "<>", value: null }],
  ["name != 'it''s'", { kind: "compare", column: ["name"], operator: "<>", value: "it's" }],
  ["`odd ``name` = ''", { kind: "compare", column: ["odd `name"], operator: "=", value: "" }],
  ["Name = 'x'", { kind: "compare", column: ["Name"], operator: "=", value: "x" }],
  ["day >= '2025-02-17'", { kind: "compare", column: ["day"], operator: ">=", value: "2025-02-17" }],
  ["DATE '2025-02-17' <= day", { kind: "compare", column: ["day"], operator: ">=", value: "2025-02-17" }],
  [
    "time < TIMESTAMP '1970-01-01 02:00:00.000001+02:00'",
    { kind: "compare", column: ["time"], operator: "<", value: 1n },
  ],
  ["money = -0.5", { kind: "compare", column: ["money"], operator: "=", value: "-0.50" }],
  ["ratio > 1e-3", { kind: "compare", column: ["ratio"], operator: ">", value: 0.001 }],
  ["yes", yes],
  ["NOT yes", { kind: "not", term: yes }],
  ["yes IS NOT NULL", { kind: "isNotNull", column: ["yes"] }],
  ["raw is null", { kind: "isNull", column: ["raw"] }],
  ["raw = X'00ff'", { kind: "compare", column: ["raw"], operator: "=", value: new Uint8Array([0, 255]) }],
  ["ready.accepted = false", { kind: "compare", column: ["ready", "accepted"], operator: "=", value: false }],
  ["id IN (1)", { kind: "in", column: ["id"], values: [1n] }],
  ["id NOT IN (1, NULL)", { kind: "not", term: { kind: "in", column: ["id"], values: [1n, null] } }],
  ["TRUE", { kind: "and", terms: [] }],
  ["false", { kind: "or", terms: [] }],
  [
    "id = 1 OR yes AND NOT (id = 1 OR yes)",
    {
      kind: "or",
      terms: [id, {
        kind: "and",
        terms: [yes, { kind: "not", term: { kind: "or", terms: [id, yes] } }],
      }],
    },
  ],
  ["id < track", { kind: "compareColumns", column: ["id"], operator: "<", other: ["track"] }],
  [
    "id BETWEEN 1 AND 2 AND yes",
    {
      kind: "and",
      terms: [
        { kind: "and", terms: [{ ...id, operator: ">=" }, { ...id, operator: "<=", value: 2n }] },
        yes,
      ],
    },
  ],
];

// Text, and what its error says.
const UNREADABLE: readonly (readonly [string, string])[] = [
  ["", "found the end at character 1, expected a value"],
  ["id", "found the end at character 3, expected =, <>"],
  ["id = ", "found the end at character 6, expected a value"],
  ["id = 1 id", "found id at character 8, expected AND, OR or the end"],
  ["id = 1.5", "found 1.5 at character 6, expected long"],
  ["id = 9223372036854775808", "expected long"],
  ["id = 'x'", "found 'x' at character 6, expected long"],
  ["track = -129", "found -129 at character 10, expected byte"],
  ["money = 0.001", "expected decimal(38,2)"],
  ["day = '2025-02-30'", "expected date"],
  ["name = 7", "expected string"],
  ["nope = 1", "found nope at character 1, expected one of the columns id, track, name"],
  ["NAME = 'x'", "found NAME at character 1"],
  ["ready.nope = 1", "found nope at character 7, expected one of the columns accepted, by"],
  ["id.x = 1", "found x at character 4, expected no field, since it is long"],
  ["ready = 1", "expected struct<accepted:boolean,by:string>"],
  ["(id = 1", 'found the end at character 8, expected ")"'],
  ["id IN ()", "found ) at character 8, expected a value"],
  ["id NOT 1", "expected IN or BETWEEN"],
  [
    "id = nope",
    "found nope at character 6, expected a value, such as 'text' in single quotes, or one of the columns",
  ],
  ["id = name", 'found name at character 6, expected a column to compare "id" with'],
  ["1 = 1", "found 1 at character 5, expected a column"],
  ['"id" = 1', "found \" at character 1, expected 'text' in single quotes"],
  ["name = 'x", "found ' at character 8, expected a closing one"],
  ["id = 1; DROP TABLE x", "found ; at character 7"],
  [`${"(".repeat(100_000)}id = 1`, "expected at most 200 levels"],
  [`${"NOT ".repeat(100_000)}id = 1`, "expected at most 200 levels"],
];

Deno.test({
  name: "conditions are read as SQL means them",
  ...NONE,
  fn: () => {
    for (const [text, predicate] of READABLE) assertEquals(parsePredicate(text, SCHEMA), predicate, text);
  },
});

Deno.test({
  name: "what cannot be read is named with its place and what was expected there",
  ...NONE,
  fn: () => {
    for (const [text, message] of UNREADABLE) {
      assertThrows(() => parsePredicate(text, SCHEMA), TypeError, message);
    }
  },
});
