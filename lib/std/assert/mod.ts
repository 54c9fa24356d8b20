/**
 * Assertions with the names, signatures and behaviour of `jsr:@std/assert` 1.0.16, for places where the registry
 * cannot be reached. Holds only what this project's tests use, those of this folder included; delete the link in deno.json to get the original.
 *
 * @module
 */
export { assertMatch, assertStringIncludes } from "./contents.ts";
export { AssertionError } from "./assertion_error.ts";
export { equal } from "./equal.ts";
export { assertEquals, assertNotEquals, assertStrictEquals } from "./equality.ts";
export { assertGreater, assertGreaterOrEqual, assertLess } from "./order.ts";
export { assertInstanceOf, assertRejects, assertThrows } from "./throws.ts";
export { assert, assertExists, assertFalse, type Falsy } from "./truth.ts";
