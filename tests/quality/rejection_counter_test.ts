/** What rejections say of required columns: counted once by their reason, and as missing or empty where they name one. */
import { assertEquals } from "@std/assert";
import { QUARANTINE_COUNTER, rejectionsTag } from "../../lib/quality/rejection_counter.ts";
import { countsOf } from "../../lib/tables/count_tags.ts";
import { QuarantineColumns } from "../../lib/validate/quarantine_columns.ts";
import type { Rejection, RejectionCode } from "../../lib/validate/rejection.ts";

function rejection([code, path]: readonly [RejectionCode, string]): Rejection {
  const place = { partition: 0, offset: 0n, timestampMs: 0, key: null, fetchedAtMs: null, sourceEpoch: 0 };
  return { code, path, message: "", rule: "", ...place, rawValue: null };
}

function columnsOf(rejections: readonly Rejection[]) {
  const columns = new QuarantineColumns();
  for (const each of rejections) columns.append(each, "trains");
  return columns.toColumns();
}

function counted(rejections: readonly (readonly [RejectionCode, string])[]) {
  const tags = rejectionsTag(columnsOf(rejections.map(rejection)));
  return countsOf({ tags } as never, QUARANTINE_COUNTER);
}

Deno.test("a field counts as missing or empty when it is a required one, whatever else is wrong counts by its reason", () => {
  assertEquals(counted([]), { rows: 0 });
  assertEquals(
    counted([
      ["missing_field", "$.trainNumber"],
      ["missing_field", "$.timeTableRows[3].type"],
      ["missing_field", "$.version"],
      ["missing_field", "$.timeTableRows[0].cancelled"],
      ["empty_field", "$.departureDate"],
      ["empty_field", "$.operatorShortCode"],
      ["date_format", "$.departureDate"],
      ["not_json", "$"],
    ]),
    {
      rows: 8,
      "reason.missing_field": 4,
      "missing.trainNumber": 1,
      "missing.type": 1,
      "reason.empty_field": 2,
      "empty.departureDate": 1,
      "reason.date_format": 1,
      "reason.not_json": 1,
    },
  );
});
