import { assert, assertFalse, assertThrows, equal } from "@std/assert";

class Sealed {
  #value: number;
  constructor(value: number) {
    this.#value = value;
  }
  get value(): number {
    return this.#value;
  }
}

function ring(name: string): object {
  const made: Record<string, unknown> = { name };
  made.self = made;
  return made;
}

const SYMBOL = Symbol("s");

const EQUAL: readonly [string, unknown, unknown][] = [
  ["NaN and NaN", NaN, NaN],
  ["0 and -0", 0, -0],
  ["nested arrays and objects", { a: [1, { b: "x" }] }, { a: [1, { b: "x" }] }],
  ["objects whose keys stand in another order", { a: 1, b: 2 }, { b: 2, a: 1 }],
  ["an object and one without prototype", { a: 1 }, Object.assign(Object.create(null), { a: 1 })],
  ["dates of one instant", new Date(5), new Date(5)],
  ["invalid dates", new Date(NaN), new Date(NaN)],
  ["sets in another order", new Set([1, 2]), new Set([2, 1])],
  ["sets of objects", new Set([{ a: 1 }, { a: 2 }]), new Set([{ a: 2 }, { a: 1 }])],
  [
    "maps in another order",
    new Map([["a", { x: 1 }], ["b", { x: 2 }]]),
    new Map([["b", { x: 2 }], ["a", { x: 1 }]]),
  ],
  ["maps with object keys", new Map([[{ a: 1 }, 1]]), new Map([[{ a: 1 }, 1]])],
  ["bytes", new Uint8Array([1, 2]), new Uint8Array([1, 2])],
  ["floats with NaN", new Float64Array([NaN]), new Float64Array([NaN])],
  ["buffers", new Uint8Array([1]).buffer, new Uint8Array([1]).buffer],
  ["big integers", 5n, 5n],
  ["patterns", /a/g, /a/g],
  ["addresses", new URL("http://a.b/"), new URL("http://a.b")],
  ["rings", ring("a"), ring("a")],
  ["instances with the same private value", new Sealed(1), new Sealed(1)],
  ["symbol keys", { [SYMBOL]: 1 }, { [SYMBOL]: 1 }],
];

const DIFFERENT: readonly [string, unknown, unknown][] = [
  ["a number and its text", 1, "1"],
  ["a number and a big integer", 1, 1n],
  ["an absent key and an undefined one", {}, { a: undefined }],
  ["undefined under different keys", { a: undefined }, { b: undefined }],
  ["null and an object", null, {}],
  ["an array and an object with its keys", [1], { 0: 1 }],
  ["a hole and undefined", [,], [undefined]],
  ["an instance and its plain twin", new Sealed(1), { value: 1 }],
  ["instances with different private values", new Sealed(1), new Sealed(2)],
  ["dates", new Date(5), new Date(6)],
  ["sets with one member twice over", new Set([{ a: 1 }, { a: 2 }]), new Set([{ a: 1 }, { a: 1 }])],
  ["maps with another value", new Map([["a", 1]]), new Map([["a", 2]])],
  ["maps with undefined and without", new Map([["a", undefined]]), new Map([["b", undefined]])],
  ["bytes", new Uint8Array([1, 2]), new Uint8Array([1, 3])],
  ["bytes of another width", new Uint8Array([1]), new Uint16Array([1])],
  ["buffers", new Uint8Array([1]).buffer, new Uint8Array([2]).buffer],
  ["patterns with other flags", /a/g, /a/i],
  ["errors with other messages", new Error("a"), new Error("b")],
  ["rings", ring("a"), ring("b")],
  ["symbol keys", { [SYMBOL]: 1 }, { [SYMBOL]: 2 }],
  ["functions", () => 1, () => 1],
];

for (const [name, a, b] of EQUAL) {
  Deno.test({
    name: `equal takes ${name} for the same, both ways round`,
    permissions: "none",
    fn() {
      assert(equal(a, b));
      assert(equal(b, a));
      assert(equal([a], [b]));
    },
  });
}

for (const [name, a, b] of DIFFERENT) {
  Deno.test({
    name: `equal distinguishes ${name}, both ways round`,
    permissions: "none",
    fn() {
      assertFalse(equal(a, b));
      assertFalse(equal(b, a));
      assertFalse(equal({ a }, { a: b }));
    },
  });
}

Deno.test({
  name: "equal refuses to judge what it cannot look into",
  permissions: "none",
  fn() {
    assertThrows(() => equal(new WeakMap(), new WeakMap()), TypeError, "Cannot compare WeakMap");
    assertThrows(() => equal(new WeakSet(), new WeakSet()), TypeError, "Cannot compare WeakSet");
  },
});
