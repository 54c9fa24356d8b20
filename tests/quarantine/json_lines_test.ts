import { assert, assertEquals } from "@std/assert";
import { jsonLines, lineAt } from "../../lib/quarantine/json_lines.ts";
import { seededRandom } from "../delta/test_context.ts";

/** JSON with the places of all of its values, as a reader would write them. */
function randomJson(random: () => number, depth = 0): unknown {
  const kind = Math.floor(random() * (depth < 4 ? 7 : 5));
  const count = Math.floor(random() * 4);
  if (kind < 5) return [null, true, -1.5e-7, 'text "with" {[,:]} \\ \u001b \u{1f682}', ""][kind];
  const children = Array.from({ length: count }, () => randomJson(random, depth + 1));
  return kind === 5 ? children : Object.fromEntries(children.map((child, at) => [`k${at}"],`, child]));
}

function pathsOf(value: unknown, path = "$"): readonly string[] {
  if (typeof value !== "object" || value === null) return [path];
  const children = Array.isArray(value)
    ? value.flatMap((child, at) => pathsOf(child, `${path}[${at}]`))
    : Object.entries(value).flatMap(([key, child]) => pathsOf(child, `${path}[${JSON.stringify(key)}]`));
  return [path, ...children];
}

const joined = (lines: ReturnType<typeof jsonLines>) => (lines ?? []).map(({ text }) => text).join("\n");

Deno.test("the lines are those of JSON.stringify, each with the path of what begins there", () => {
  const random = seededRandom(1);
  for (let round = 0; round < 300; round++) {
    const value = randomJson(random);
    const pretty = JSON.stringify(value, null, 2);
    for (const text of [JSON.stringify(value), pretty, `\ufeff ${pretty} \r\n`]) {
      const lines = jsonLines(text);
      assertEquals(joined(lines), pretty);
      assertEquals(lines?.flatMap(({ path }) => path ?? []), pathsOf(value));
    }
  }
});

Deno.test("digits, doubled keys and their order stay as they were written", () => {
  const text = '{"b":1.000000000000000000001,"1":12345678901234567890,"b":{},"__proto__":[ ]}';
  assertEquals(
    joined(jsonLines(text)),
    '{\n  "b": 1.000000000000000000001,\n  "1": 12345678901234567890,\n  "b": {},\n  "__proto__": []\n}',
  );
});

Deno.test("what is no JSON, or nothing that fits on a page, has no lines", () => {
  const deep = "[".repeat(50_000) + "]".repeat(50_000);
  for (const text of ["", "{", "{'a':1}", "[1,]", "this", deep, `"${"x".repeat(5_000_000)}"`]) {
    assertEquals(jsonLines(text), null);
  }
});

Deno.test("a path points at its line, or at the line of what it should be in", () => {
  const lines = jsonLines('{"rows":[{"type":"X"},{"a.b":1}],"v":2}') ?? [];
  const at = (path: string) => lines[lineAt(lines, path)]?.text.trim();
  assertEquals(at("$.rows[0].type"), '"type": "X"');
  assertEquals(at("$.v"), '"v": 2');
  assertEquals(at('$.rows[1]["a.b"]'), '"a.b": 1');
  assertEquals(at("$.rows[1].type"), "{");
  assertEquals(at('$.rows[1]["]\\""]'), "{");
  assertEquals(at("$.rows[7].type.x"), '"rows": [');
  assertEquals(at("$.missing"), "{");
  // Another writer may have put anything there; it must come to an end.
  for (const path of ["", "]", "$]", "x[", "\u001b", "$..", "nothing"]) {
    assert(lineAt(lines, path) <= 0, path);
  }
});
