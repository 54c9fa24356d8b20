import { assertEquals } from "@std/assert";
import { checkAccount } from "../../lib/quality/account.ts";
import type { Account } from "../../lib/tables/run_record.ts";

const GOOD: Account = {
  offsets: 27,
  landed: 20,
  expired: 4,
  gaps: 3,
  accepted: 10,
  duplicate: 5,
  stale: 3,
  quarantined: 2,
  rowsAdded: 100,
  rowsRemoved: 40,
  landingRows: 20,
  quarantineRows: 2,
  standardRows: 60,
};

Deno.test("an account that adds up holds in every equation", () => {
  assertEquals(checkAccount(GOOD).map(({ holds }) => holds), [true, true, true, true, true]);
});

for (const name of Object.keys(GOOD) as (keyof Account)[]) {
  Deno.test(`one ${name} too many or too few breaks an equation`, () => {
    for (const by of [-1, 1]) {
      const broken = checkAccount({ ...GOOD, [name]: GOOD[name] + by }).filter(({ holds }) => !holds);
      assertEquals(broken.length >= 1, true);
      for (const { left, right } of broken) assertEquals(Math.abs(left - right), 1);
    }
  });
}
