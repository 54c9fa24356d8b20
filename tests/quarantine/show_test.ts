import { assertEquals, assertFalse, assertMatch, assertRejects, assertStringIncludes } from "@std/assert";
import { UsageError } from "../../lib/errors.ts";
import { hexDump } from "../../lib/quarantine/hex_dump.ts";
import { NOW_MS, quarantineStore, rejection, runVerb } from "./quarantine_rig.ts";

const encode = (text: string) => new TextEncoder().encode(text);

Deno.test("show tells all that is known of a message, and marks what is wrong in it", async () => {
  const store = await quarantineStore([[rejection({
    partition: 2,
    offset: 1234n,
    code: "wrong_type",
    message: 'Found "27" at $.rows[1].n, expected a value of type number',
    path: "$.rows[1].n",
    rule: "S1",
    key: "2026-02-17/27",
    fetchedAtMs: NOW_MS,
    rawValue: encode('{"rows":[{"n":1},{"n":"27"}]}'),
  })]]);
  assertEquals(
    (await runVerb(store, ["show", "2:1234"])).text,
    `id        2:1234
topic     trains
partition 2
offset    1234
time      2026-02-17T11:00:00.000Z
fetched   2026-02-17T12:00:00.000Z
key       2026-02-17/27
reason    wrong_type
          Found "27" at $.rows[1].n, expected a value of type number
path      $.rows[1].n
rule      S1 (see the rules in README.md)
size      29 bytes

The message, with "> " at $.rows[1].n:
  {
    "rows": [
      {
        "n": 1
      },
      {
>       "n": "27"
      }
    ]
  }`,
  );
  const { text } = await runVerb(store, ["show", "2:1234"], { json: true });
  assertEquals(JSON.parse(text), {
    id: "2:1234",
    topic: "trains",
    partition: 2,
    offset: 1234,
    time: "2026-02-17T11:00:00.000Z",
    fetchedAt: "2026-02-17T12:00:00.000Z",
    key: "2026-02-17/27",
    keyBase64: null,
    reason: "wrong_type",
    message: 'Found "27" at $.rows[1].n, expected a value of type number',
    jsonPath: "$.rows[1].n",
    ruleId: "S1",
    stage: "batch",
    sizeBytes: 29,
    text: '{"rows":[{"n":1},{"n":"27"}]}',
    base64: null,
  });
});

Deno.test("a field that is not there is marked where it should be", async () => {
  const value = encode('{"rows":[{"n":1},{}]}');
  const store = await quarantineStore([[rejection({ path: "$.rows[1].type", rawValue: value })]]);
  const { text } = await runVerb(store, ["show", "0:0"]);
  assertStringIncludes(text, "there is none, so what it should be in is marked");
  assertStringIncludes(text, "\n>     {}\n");
});

Deno.test("bytes that are no text are shown as such, and --raw gives every message back as it came", async () => {
  const values = [
    Uint8Array.of(0xff, 0xfe, 0, 65),
    encode("\ufeff{}"),
    encode("\u001b[31m"),
    encode(""),
    null,
  ];
  const store = await quarantineStore([
    values.map((rawValue, at) =>
      rejection({ offset: BigInt(at), rawValue, key: null, keyBytes: Uint8Array.of(0xfe) })
    ),
  ]);
  for (const [at, value] of values.entries()) {
    const { text, bytes } = await runVerb(store, ["show", `0:${at}`], { raw: true });
    assertEquals([text, bytes], ["", [...value ?? []]]);
    const { text: whole, base64 } = JSON.parse(
      (await runVerb(store, ["show", `0:${at}`], { json: true })).text,
    );
    const read = base64 === null ? whole === null ? null : encode(whole) : Uint8Array.fromBase64(base64);
    assertEquals(read, value);
  }
  const { text } = await runVerb(store, ["show", "0:0"]);
  assertStringIncludes(text, "key       fe (no UTF-8)");
  assertMatch(text, /00000000 {2}ff fe 00 41 +\|\.\.\.A\|/);
});

Deno.test("a terminal gets nothing that it would obey, whatever a message says of itself", async () => {
  const evil = "\u001b]0;pwned\u0007\u009b31m\u202e\u200f\u061c\r";
  const texts = [`{"a":"\u009b31m\u202e\u200f","b":1}`, `no json ${evil}`, `{"${"\u200f"}":{"x":1}}`];
  const store = await quarantineStore([
    texts.map((text, at) =>
      rejection({ offset: BigInt(at), rawValue: encode(text), key: evil, message: evil, path: `$.${evil}` })
    ),
  ]);
  for (const at of texts.keys()) {
    for (const json of [false, true]) {
      const { text } = await runVerb(store, ["show", `0:${at}`], { json, width: 80 });
      assertFalse(
        // deno-lint-ignore no-control-regex -- that is what must not be there
        /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e]/.test(text),
        text,
      );
    }
    const raw = () => runVerb(store, ["show", `0:${at}`], { raw: true, width: 80 });
    await assertRejects(raw, UsageError, "to a terminal");
  }
});

Deno.test("of a message that is too long for a page, the part with the mark is shown", async () => {
  const rows = Array.from({ length: 2000 }, (_, n) => ({ n }));
  const value = encode(JSON.stringify({ rows, text: "x".repeat(5000) }));
  const store = await quarantineStore([[rejection({ path: "$.rows[900].n", rawValue: value })]]);
  const { text } = await runVerb(store, ["show", "0:0"]);
  assertStringIncludes(text, '\n>       "n": 900\n');
  assertEquals(text.match(/more lines, see --raw/g)?.length, 2);
  assertEquals(text.split("\n").length < 330, true);
});

Deno.test("an ID that names nothing is answered with its neighbours, and with the way to all", async () => {
  const store = await quarantineStore([[3n, 8n, 9n].map((offset) => rejection({ offset }))]);
  const cases: readonly (readonly [string, string])[] = [
    ["0:5", "expected 0:3 or 0:8"],
    ["0:99", "expected 0:9"],
    ["0:0", "expected 0:3"],
    ["4:1", "expected one of those"],
    ["0", 'expected partition and offset such as "0:1234"'],
    ["trains:0:4", "expected 0:3 or 0:8"],
  ];
  for (const [id, expected] of cases) {
    const error = await assertRejects(() => runVerb(store, ["show", id]), UsageError, expected);
    assertStringIncludes(error.message, "deno task quarantine list");
  }
});

Deno.test("wrong verbs and flags are all named before anything is read", async () => {
  const store = await quarantineStore([]);
  await assertRejects(() => runVerb(store, ["shw"]), UsageError, 'did you mean "show"?');
  await assertRejects(() => runVerb(store, ["toString"]), UsageError, "expected list, show, replay");
  await assertRejects(() => runVerb(store, ["show"]), UsageError, "expected an ID");
  await assertRejects(() => runVerb(store, ["list", "0:1"]), UsageError, "expected nothing");
  await assertRejects(() => runVerb(store, ["list"], { raw: true }), UsageError, "--raw");
  const both = () => runVerb(store, ["show", "0:1"], { raw: true, json: true, limit: 1 });
  const { faults } = await assertRejects(both, UsageError);
  assertEquals(faults.length, 2);
});

Deno.test("a hex dump has every byte at its place", () => {
  const bytes = Uint8Array.from({ length: 300 }, (_, at) => at % 256);
  const dump = hexDump(bytes);
  const read = dump.flatMap((line) =>
    line.slice(10, 58).trim().split(/\s+/).map((digits) => parseInt(digits, 16))
  );
  assertEquals(read, [...bytes]);
  assertEquals(dump.map((line) => parseInt(line.slice(0, 8), 16)), dump.map((_, row) => row * 16));
  assertEquals(dump[4], "00000040  40 41 42 43 44 45 46 47  48 49 4a 4b 4c 4d 4e 4f  |@ABCDEFGHIJKLMNO|");
  assertEquals(hexDump(new Uint8Array()), []);
});
