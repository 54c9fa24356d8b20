/** Golden cases: every folder of `tests/testdata/messages` is one message and what becomes of it. */

import { assert, assertEquals } from "@std/assert";
import { validateOne } from "./validate_one.ts";

const CASES = new URL("../testdata/messages/", import.meta.url);
const encoder = new TextEncoder();

for (const { name } of [...Deno.readDirSync(CASES)].sort((a, b) => a.name < b.name ? -1 : 1)) {
  Deno.test({
    name: `the message ${name.replaceAll("_", " ")} is validated as expected`,
    permissions: { read: [CASES] },
    async fn() {
      const input = await Deno.readFile(new URL(`${name}/input.txt`, CASES));
      const expected = JSON.parse(await Deno.readTextFile(new URL(`${name}/expected.json`, CASES)));
      assertEquals(validateOne(input), expected);
    },
  });
}

/** A train around one more field, as text. */
function trainWith(field: string): Uint8Array {
  const row = {
    stationShortCode: "HKI",
    stationUICCode: 1,
    countryCode: "FI",
    trainStopping: true,
    cancelled: false,
  };
  const time = { scheduledTime: "2025-02-17T05:00:00Z" };
  const rows = [{ ...row, ...time, type: "DEPARTURE" }, { ...row, ...time, type: "ARRIVAL" }];
  const train = {
    trainNumber: 27,
    departureDate: "2025-02-17",
    operatorShortCode: "vr",
    version: 1,
    timeTableRows: rows,
  };
  return encoder.encode(`{${field},${JSON.stringify(train).slice(1)}`);
}

Deno.test("JSON nested 10,000 levels deep is an unknown field in a train and no train by itself", () => {
  const lists = "[".repeat(10_000) + "]".repeat(10_000);
  const objects = '{"a":'.repeat(10_000) + "1" + "}".repeat(10_000);
  for (const deep of [lists, objects]) {
    assertEquals(validateOne(trainWith(`"deep":${deep}`)).drift, { "$.deep": 1 });
    assert(["not_a_train", "missing_field"].includes(String(validateOne(encoder.encode(deep)).code)));
  }
  const twice = objects.replace('{"a":1}', '{"a":1,"b":2,"a":3}');
  assertEquals(validateOne(trainWith(`"deep":${twice}`)).code, "duplicate_key");
});

Deno.test("a message of 5 MB is validated like a small one", () => {
  const long = "x".repeat(5_000_000);
  assertEquals(validateOne(trainWith(`"long":"${long}"`)).drift, { "$.long": 1 });
  assertEquals(validateOne(encoder.encode(long)).code, "not_json");
  const fault = validateOne(encoder.encode(`{"trainNumber":"${long}"}`));
  assert(String(fault.message).length < 200);
});
