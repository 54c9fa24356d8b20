/**
 * One process of the concurrency test: does its work on a table beside others, and says what was accepted.
 * Arguments: folder, role, name of the process, number of commits.
 */
import pl from "nodejs-polars";
import {
  appendFrame,
  checkpointTable,
  type DeltaTable,
  jitteredBackoff,
  LocalStore,
  mergeInto,
  openTable,
  optimizeTable,
  sourceColumn,
  vacuumTable,
} from "../../../../lib/delta/mod.ts";
import { seededRandom } from "../../test_context.ts";

const [folder = "", role = "", name = "", commits = "0"] = Deno.args;
const random = seededRandom(
  Array.from(name, (char) => char.charCodeAt(0)).reduce((sum, code) => sum * 31 + code, 7),
);
let names = 0;
const table = await openTable(new LocalStore(folder), {
  clock: Date.now,
  ids: () => `${name}-${names++}`,
  backoff: jitteredBackoff({ random }),
  maxAttempts: 1000,
});

// Rows of an append belong together: a reader that sees one of them sees all three.
const ROLES: Readonly<Record<string, (table: DeltaTable, round: number) => Promise<string>>> = {
  append: async (table, round) => {
    const batch = `${name}/${round}`;
    const { status } = await appendFrame(table, frameOf("row", [`${batch}/a`, `${batch}/b`, `${batch}/c`]));
    return `${status} ${batch}`;
  },
  // Adds 1 to two of six counters, so that their sum is even at every version.
  merge: async (table) => {
    const first = Math.floor(random() * 6);
    const keys = [first, (first + 1 + Math.floor(random() * 5)) % 6].map((key) => `counter ${key}`);
    const { status } = await mergeInto(table, frameOf("counter", keys), {
      on: ["kind", "key"],
      whenMatched: [{ action: "update", set: { amount: pl.col("amount").add(sourceColumn("amount")) } }],
      whenNotMatched: [{}],
    });
    return `${status} ${keys.join()}`;
  },
  maintain: async (table, round) => {
    if (round % 3 === 0) await checkpointTable(table);
    else if (round % 3 === 1) await optimizeTable(table, { minFiles: 2 });
    else await vacuumTable(table);
    return "done";
  },
};

for (let round = 0; round < Number(commits); round++) {
  const act = ROLES[role];
  if (act === undefined) {
    throw new TypeError(`Cannot play "${role}": expected ${Object.keys(ROLES).join(", ")}`);
  }
  console.log(await act(table, round));
}

function frameOf(kind: string, keys: readonly string[]): pl.DataFrame {
  return pl.DataFrame([
    pl.Series("kind", keys.map(() => kind), pl.Utf8),
    pl.Series("key", [...keys], pl.Utf8),
    pl.Series("amount", keys.map(() => "1"), pl.Utf8).cast(pl.Int64),
  ]);
}
