/** Promise 4 as arithmetic: every message is accounted for. Pure. */

/** Sums over all batches, and what the tables themselves hold. */
export interface Account {
  /** Offsets taken in: every message that the broker acknowledged below the next offset. */
  readonly published: number;
  readonly landed: number;
  readonly accepted: number;
  readonly duplicate: number;
  readonly stale: number;
  readonly quarantined: number;
  readonly rowsAdded: number;
  readonly rowsRemoved: number;
  /** Rows of the tables as their files say. */
  readonly landingRows: number;
  readonly quarantineRows: number;
  readonly standardRows: number;
}

/** One equation of the account. */
export interface Equation {
  readonly name: string;
  readonly left: number;
  readonly right: number;
  readonly holds: boolean;
}

/** The equations that must hold between any two runs. */
export function checkAccount(account: Account): readonly Equation[] {
  const { accepted, duplicate, stale, quarantined } = account;
  return [
    equation("published = landed", account.published, account.landed),
    equation(
      "landed = accepted + duplicate + stale + quarantined",
      account.landed,
      accepted + duplicate + stale + quarantined,
    ),
    equation("landed = rows of the landing table", account.landed, account.landingRows),
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
