/** The ids of timetable rows beside node's own SHA-1. */
import { assertEquals } from "@std/assert";
import { createHash } from "node:crypto";
import { RowKeys } from "../../../lib/validate/values/row_keys.ts";

const SHA1_HEX_LENGTH = 40;
/** Each limit between one, two, three and four bytes of UTF-8, from both sides, and long texts. */
const TEXTS = ["", "HKI", "\x7f", "\x80", "\u07ff", "\u0800", "\uffff", "\u{10000}", "ä".repeat(300), "a b"];

Deno.test("the id of a row is the SHA-1 of its train and its fields, given as text or as UTF-8, row after row", () => {
  const keys = new RowKeys();
  for (const trainNumber of [27, 99999, 1]) {
    for (const isText of [true, false]) {
      keys.startTrain(trainNumber);
      const expected = TEXTS.flatMap((first) =>
        TEXTS.map((second) => {
          for (const text of [first, second]) {
            const bytes = new TextEncoder().encode(text);
            if (isText) keys.addText(text);
            else keys.add(bytes, 0, bytes.length);
          }
          keys.endRow();
          return createHash("sha1").update(`${trainNumber}_${first}_${second}`).digest("hex");
        })
      );
      const found = new TextDecoder().decode(keys.hex.subarray(0, expected.length * SHA1_HEX_LENGTH));
      assertEquals(found, expected.join(""));
    }
  }
});
