import { assertEquals } from "@std/assert";
import { parseRejectionId, rejectionId } from "../../lib/tables/rejection_id.ts";

Deno.test("an ID says the place that it was made of", () => {
  for (const topic of [undefined, "trains", "a.b-c_d", "9"]) {
    for (const partition of [0, 7, 999_999_999]) {
      for (const offset of [0n, 1234n, 2n ** 53n + 1n, 999_999_999_999_999_999n]) {
        const place = { topic, partition, offset };
        assertEquals(parseRejectionId(rejectionId(place)), place);
      }
    }
  }
  assertEquals(rejectionId({ partition: 0, offset: 1234n }), "0:1234");
  assertEquals(parseRejectionId(" 0:1234\n"), { topic: undefined, partition: 0, offset: 1234n });
});

Deno.test("what names no place is no ID", () => {
  for (
    const text of [
      "",
      ":",
      "0",
      "0:",
      ":0",
      "-1:0",
      "0:-1",
      "0:1.5",
      "0x1:1",
      "a b:0:1",
      "0:1:",
      "a:b:0:1",
      "0:1n",
    ]
  ) {
    assertEquals([text, parseRejectionId(text)], [text, undefined]);
  }
});
