import { assertEquals } from "@std/assert";
import { compareRows } from "./compare_rows.ts";

const ROWS = [{ id: 1, name: "a", stops: [1] }, { id: 2, name: null, stops: [] }];

Deno.test({
  name: "the same rows in another order do not differ",
  permissions: "none",
  fn: () => assertEquals(compareRows(ROWS, ROWS.toReversed(), { key: ["id"] }), []),
});

Deno.test({
  name: "rows of one side, repeated keys, other values and missing columns are each told",
  permissions: "none",
  fn() {
    const others = [{ id: 1, name: "b", stops: [1] }, { id: 3, name: null, stops: [] }];
    assertEquals(compareRows(ROWS, others, { key: ["id"] }), [
      "1 rows only on the left, first [2]",
      "1 rows only on the right, first [3]",
      'name differs in 1 rows, first [1]: "a", "b"',
    ]);
    assertEquals(compareRows(ROWS, [...ROWS, { id: 2, name: null, stops: [] }], { key: ["id"] }), [
      "1 rows of the right repeat a key",
    ]);
    const without = ROWS.map(({ id, stops }) => ({ id, stops }));
    assertEquals(compareRows(ROWS, without, { key: ["id"] }), [
      'name differs in 2 rows, first [1]: "a", "no such column"',
    ]);
    assertEquals(compareRows(ROWS, without, { key: ["id"], columns: ["stops"] }), []);
    const deep = [{ id: 1, name: "a", stops: [1] }, { id: 2, name: null, stops: [null] }];
    assertEquals(compareRows(ROWS, deep, { key: ["id"] }), [
      "stops differs in 1 rows, first [2]: [], [null]",
    ]);
  },
});
