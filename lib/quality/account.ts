/** Promise 4 as arithmetic: every message is accounted for. Pure. */
import type { Account } from "../tables/run_record.ts";

/** One equation of the account. */
export interface Equation {
  readonly name: string;
  readonly left: number;
  readonly right: number;
  readonly holds: boolean;
}

/** The equations that must hold between any two runs. */
export function checkAccount(account: Account): readonly Equation[] {
  const { landed, expired, gaps, accepted, duplicate, stale, quarantined } = account;
  return [
    equation("offsets = landed + expired + gaps", account.offsets, landed + expired + gaps),
    equation(
      "landed = accepted + duplicate + stale + quarantined",
      landed,
      accepted + duplicate + stale + quarantined,
    ),
    equation("landed = rows of the landing table", landed, account.landingRows),
    equation("quarantined = rows of the quarantine table", quarantined, account.quarantineRows),
    equation(
      "rows added - removed = rows of the standard table",
      account.rowsAdded - account.rowsRemoved,
      account.standardRows,
    ),
  ];
}

function equation(name: string, left: number, right: number): Equation {
  return { name, left, right, holds: left === right };
}
