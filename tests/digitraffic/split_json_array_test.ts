import { assertEquals, assertThrows } from "@std/assert";
import { createJsonArraySplitter } from "../../lib/digitraffic/split_json_array.ts";
import { seededRandom } from "../../lib/simulator/seeded_random.ts";

const utf8 = new TextEncoder();

/** Chunks a text that arrives in chunks of so many bytes. */
function split(text: string, chunkBytes = Infinity): readonly string[] {
  const bytes = utf8.encode(text);
  const splitter = createJsonArraySplitter();
  const parts: string[] = [];
  for (let from = 0; from < bytes.length; from += chunkBytes) {
    for (const element of splitter.push(bytes.subarray(from, Math.min(bytes.length, from + chunkBytes)))) {
      parts.push(new TextDecoder().decode(element.bytes));
      assertEquals(element.bytes, bytes.slice(element.position, element.position + element.bytes.length));
    }
  }
  splitter.end();
  return parts;
}

/** Any JSON value, with the characters that a careless splitter trips over. */
function drawValue(random: () => number, depth: number): unknown {
  const kind = Math.floor(random() * (depth > 3 ? 4 : 6));
  if (kind === 0) return Math.floor(random() * 1e6) / 100 - 500;
  if (kind === 1) return [null, true, false][Math.floor(random() * 3)];
  if (kind < 4) {
    return Array.from(
      { length: Math.floor(random() * 9) },
      () => '"\\{}[],: \u00e4\ud83d\ude82\n'.at(Math.floor(random() * 14)) ?? "",
    ).join("");
  }
  const values = Array.from({ length: Math.floor(random() * 4) }, () => drawValue(random, depth + 1));
  return kind === 4 ? values : Object.fromEntries(values.map((value) => [`k${random()}"]}`, value]));
}

Deno.test({
  name: "the elements of any array come out as they were written, however the bytes arrive",
  permissions: "none",
  fn: () => {
    for (let seed = 0; seed < 200; seed++) {
      const random = seededRandom(seed);
      const values = Array.from({ length: Math.floor(random() * 6) }, () => drawValue(random, 0));
      const spaces = () => " \n\t\r".slice(0, Math.floor(random() * 5));
      const written = values.map((value) => JSON.stringify(value, null, Math.floor(random() * 3)));
      const text = `${spaces()}[${written.map((part) => spaces() + part + spaces()).join(",")}]${spaces()}`;
      for (const chunkBytes of [Infinity, 1, 2, 3, 7]) assertEquals(split(text, chunkBytes), written);
    }
  },
});

Deno.test({
  name: "number spellings, escapes and a byte order mark do not matter",
  permissions: "none",
  fn: () => {
    assertEquals(split('\ufeff[1.50e+2,-0,12345678901234567890,"\\\\",{"a\\"]":"\\u007d"}]'), [
      "1.50e+2",
      "-0",
      "12345678901234567890",
      '"\\\\"',
      '{"a\\"]":"\\u007d"}',
    ]);
    assertEquals(split("[]"), []);
  },
});

Deno.test({
  name: "a text that is no array names the byte, what stands there and what should",
  permissions: "none",
  fn: () => {
    const cases: readonly (readonly [string, string])[] = [
      ["", "byte 0: found the end of the text, expected an array"],
      ['{"code":1}', 'byte 0: found "{", expected an array that begins with "["'],
      ["[", "byte 1: found the end of the text"],
      ['[{"a":"', "byte 7: found the end of the text"],
      ["[1 2]", 'byte 3: found "2", expected "," or "]"'],
      ["[,1]", 'byte 1: found ","'],
      ["[1,,2]", 'byte 3: found ",", expected another element'],
      ["[1,]", 'byte 3: found "]", expected another element'],
      ["[1]]", 'byte 3: found "]", expected nothing after the array'],
      ["\u00e4[]", "byte 0: found byte value 195"],
      ["[}", 'byte 1: found "}"'],
    ];
    for (const [text, message] of cases) {
      assertThrows(() => split(text), SyntaxError, message);
      assertThrows(() => split(text, 1), SyntaxError, message);
    }
  },
});

Deno.test({
  name: "an element over the bound is refused, whole or in parts",
  permissions: "none",
  fn: () => {
    const bytes = utf8.encode(`["${"x".repeat(100)}"]`);
    assertThrows(
      () => createJsonArraySplitter({ maxElementBytes: 50 }).push(bytes),
      SyntaxError,
      "over 50 bytes",
    );
    const splitter = createJsonArraySplitter({ maxElementBytes: 50 });
    splitter.push(bytes.subarray(0, 40));
    assertThrows(
      () => splitter.push(bytes.subarray(40, 80)),
      SyntaxError,
      "byte 1: found an element over 50 bytes",
    );
    assertEquals(createJsonArraySplitter({ maxElementBytes: 102 }).push(bytes).length, 1);
  },
});
