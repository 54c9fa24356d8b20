import { assertEquals } from "@std/assert";
import { parseArgs, type ParseOptions } from "@std/cli/parse-args";

/** Command line, options, what comes out. */
const CASES: readonly [
  name: string,
  args: string[],
  options: ParseOptions,
  expected: Record<string, unknown>,
][] = [
  ["nothing", [], {}, { _: [] }],
  ["words", ["a", "2", " "], {}, { _: ["a", 2, " "] }],
  ["words that stay text", ["a", "2"], { string: ["_"] }, { _: ["a", "2"] }],
  ["a flag without value", ["--a"], {}, { a: true, _: [] }],
  ["a value behind =", ["--a=b=c"], {}, { a: "b=c", _: [] }],
  ["a value in the next word", ["--a", "b", "c"], {}, { a: "b", _: ["c"] }],
  ["numbers", ["--a", "5", "--b=0x10", "--c=1e3", "-d7"], {}, { a: 5, b: 16, c: 1000, d: 7, _: [] }],
  ["numbers that stay text", ["--a", "05"], { string: ["a"] }, { a: "05", _: [] }],
  ["a declared text without value", ["--a", "--b"], { string: ["a"] }, { a: "", b: true, _: [] }],
  ["a flag that takes no value", ["--a", "b"], { boolean: ["a"] }, { a: true, _: ["b"] }],
  ["true and false behind a flag", ["--a", "false", "--b=false", "c"], { boolean: ["a", "b"] }, {
    a: false,
    b: false,
    _: ["c"],
  }],
  ["flags that are not given", [], { boolean: ["a"], string: ["b"] }, { a: false, _: [] }],
  ["collected values", ["--a", "1", "--a=x"], { collect: ["a"], string: ["a"] }, { a: ["1", "x"], _: [] }],
  ["nothing collected", [], { collect: ["a", "b"], string: ["a"], boolean: ["b"] }, { a: [], b: [], _: [] }],
  ["the last of several values", ["--a", "1", "--a", "2"], {}, { a: 2, _: [] }],
  ["a default", [], { default: { all: 3 } }, { all: 3, _: [] }],
  ["a default that is beaten", ["--all", "4"], { default: { all: 3 } }, { all: 4, _: [] }],
  ["a negated flag", ["--no-a"], { negatable: ["a"], boolean: ["a"], default: { a: true } }, {
    a: false,
    _: [],
  }],
  ["a flag that cannot be negated", ["--no-a"], { boolean: ["a"] }, { "no-a": true, a: false, _: [] }],
  ["words after --", ["--a", "--", "--b", "1"], {}, { a: true, _: ["--b", "1"] }],
  ["letters together", ["-abc"], {}, { a: true, b: true, c: true, _: [] }],
  ["letters with a value", ["-abc", "x"], {}, { a: true, b: true, c: "x", _: [] }],
  ["a letter with =", ["-a=b"], {}, { a: "b", _: [] }],
  ["a letter with a path", ["-a/b"], {}, { a: "/b", _: [] }],
  ["a letter with a dash", ["-a-", "x"], {}, { a: "-", _: ["x"] }],
  ["a lone dash as word and as value", ["-", "-a", "-"], {}, { a: "-", _: ["-"] }],
  ["a flag whose value is missing behind =", ["--a="], {}, { "a=": true, _: [] }],
];

for (const [name, args, options, expected] of CASES) {
  Deno.test({
    name: `parseArgs reads ${name}`,
    permissions: "none",
    fn: () => assertEquals<Record<string, unknown>>(parseArgs(args, options), expected),
  });
}

Deno.test({
  name: "parseArgs asks about every argument that is not declared and leaves out what is refused",
  permissions: "none",
  fn() {
    const asked: unknown[] = [];
    const flags = parseArgs(["--known", "--odd=5", "word", "-x", "--n", "1"], {
      boolean: ["known"],
      string: ["n"],
      unknown: (...question) => asked.push(question) < 0,
    });
    assertEquals<Record<string, unknown>>(flags, { known: true, n: "1", _: [] });
    assertEquals(asked, [["--odd=5", "odd", "5"], ["word"], ["-x", "x", true]]);
  },
});

Deno.test({
  name: "parseArgs leaves the prototype of objects alone",
  permissions: "none",
  fn() {
    const flags = parseArgs(["--__proto__=1"]);
    assertEquals(Object.entries(flags), [["_", []], ["__proto__", 1]]);
    assertEquals(Object.getPrototypeOf(flags), Object.prototype);
  },
});
