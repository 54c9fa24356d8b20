import {
  assert,
  assertEquals,
  assertExists,
  assertFalse,
  assertGreater,
  assertGreaterOrEqual,
  assertInstanceOf,
  AssertionError,
  assertLess,
  assertMatch,
  assertNotEquals,
  assertRejects,
  assertStrictEquals,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";

/** Each assertion once where it holds and once where it does not: one that never throws would pass everything. */
const PAIRS: readonly [name: string, holds: () => void, fails: () => void, message: string][] = [
  ["assert", () => assert(1), () => assert(0, "not so"), "not so"],
  ["assertFalse", () => assertFalse(""), () => assertFalse("x", "not so"), "not so"],
  ["assertExists", () => assertExists(0), () => assertExists(null, "why"), "not be null or undefined: why"],
  [
    "assertEquals",
    () => assertEquals([1], [1]),
    () => assertEquals([1], [2], "why"),
    "Values are not equal: why",
  ],
  ["assertNotEquals", () => assertNotEquals([1], [2]), () => assertNotEquals([1], [1]), "not to be"],
  [
    "assertStrictEquals",
    () => assertStrictEquals(NaN, NaN),
    () => assertStrictEquals(0, -0),
    "not strictly equal",
  ],
  ["assertStrictEquals of twins", () => {}, () => assertStrictEquals({}, {}), "not reference-equal"],
  [
    "assertStringIncludes",
    () => assertStringIncludes("abc", "b"),
    () => assertStringIncludes("abc", "d"),
    '"d"',
  ],
  ["assertMatch", () => assertMatch("abc", /b/), () => assertMatch("abc", /d/), "/d/"],
  ["assertGreater", () => assertGreater(2n, 1n), () => assertGreater(1, 1), "Expect 1 > 1"],
  [
    "assertGreaterOrEqual",
    () => assertGreaterOrEqual(1, 1),
    () => assertGreaterOrEqual(0, 1),
    "Expect 0 >= 1",
  ],
  ["assertLess", () => assertLess("a", "b"), () => assertLess(1, 1), "Expect 1 < 1"],
  [
    "assertInstanceOf",
    () => assertInstanceOf(new Date(), Date),
    () => assertInstanceOf([], Date),
    'was "Array"',
  ],
  ["assertInstanceOf of null", () => {}, () => assertInstanceOf(null, Date), 'was "null"'],
];

for (const [name, holds, fails, message] of PAIRS) {
  Deno.test({
    name: `${name} is silent where it holds and throws where it does not`,
    permissions: "none",
    fn() {
      holds();
      let thrown: unknown;
      try {
        fails();
      } catch (error) {
        thrown = error;
      }
      if (!(thrown instanceof AssertionError)) throw new Error(`${name} did not throw an AssertionError`);
      if (!thrown.message.includes(message)) throw new Error(`${thrown.message}\ndoes not say ${message}`);
    },
  });
}

Deno.test({
  name: "the message of assertEquals shows both values line by line",
  permissions: "none",
  fn() {
    const error = assertThrows(
      () => assertEquals({ b: { c: [1, 2, 3] }, a: "x" }, { a: "x", b: { c: [1, 3, 4] } }),
      AssertionError,
    );
    const lines = error.message.split("\n").map((line) => line.trimEnd());
    const expected = [`      a: "x",`, "-         2,", "+         4,", "          3,"];
    assertEquals(expected.filter((line) => !lines.includes(line)), []);
    assertFalse(lines.some((line) => line.startsWith("-") && line.includes("3")));
  },
});

Deno.test({
  name: "a difference of two long texts names only the lines that differ",
  permissions: "none",
  fn() {
    const text = Array.from({ length: 500 }, (_, at) => `line ${at}`);
    const other = text.with(250, "another");
    const error = assertThrows(() => assertEquals(text.join("\n"), other.join("\n")), AssertionError);
    assertEquals(error.message.split("\n").filter((line) => /^[-+]/.test(line)), [
      "-   line 250",
      "+   another",
    ]);
  },
});

Deno.test({
  name: "assertThrows hands back the error and checks its class and its text",
  permissions: "none",
  fn() {
    const thrown = new RangeError("too far");
    const raise = () => {
      throw thrown;
    };
    assertStrictEquals(assertThrows(raise, RangeError, "far"), thrown);
    assertStrictEquals(assertThrows(raise), thrown);
    assertThrows(
      () => assertThrows(raise, TypeError),
      AssertionError,
      `instance of "TypeError", but was "RangeError"`,
    );
    assertThrows(
      () => assertThrows(raise, RangeError, "near"),
      AssertionError,
      `include "near", but got "too far"`,
    );
    assertThrows(() => assertThrows(() => {}, "why"), AssertionError, "Expected function to throw: why");
  },
});

Deno.test({
  name: "assertRejects distinguishes a rejection from a throw and from success",
  permissions: "none",
  async fn() {
    const error = await assertRejects(() => Promise.reject(new TypeError("bad")), TypeError, "bad");
    assertEquals(error.message, "bad");
    await assertRejects(
      () => assertRejects(() => Promise.resolve(1)),
      AssertionError,
      "Expected function to reject.",
    );
    const raise = () => {
      throw new Error("at once");
    };
    await assertRejects(
      () => assertRejects(raise),
      AssertionError,
      "Function throws when expected to reject.",
    );
    await assertRejects(
      () => assertRejects(() => Promise.reject("text"), Error),
      AssertionError,
      "A non-Error object was rejected.",
    );
  },
});
