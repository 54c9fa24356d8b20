/** What MERGE does in the corners, one case per row of the table in lib/delta/README.md: the same for Spark and for us. */
import { type MergeOptions, sourceColumn } from "../../lib/delta/mod.ts";

/** A row: id, f, v, n. */
export type MergeRow = readonly [id: number | null, f: number | null, v: number | null, n: string | null];

/** One merge, as Spark's SQL says it and as our library takes it. */
export interface MergeCase {
  /** A sentence of the table in the README. */
  readonly name: string;
  readonly target: readonly MergeRow[];
  readonly source: readonly MergeRow[];
  /** What follows `MERGE INTO t USING s ON`. */
  readonly sql: string;
  readonly options: MergeOptions;
  /** True when both refuse it. */
  readonly isRefused?: boolean;
  /** Ours commits nothing where Spark commits a version without files. */
  readonly isNothing?: boolean;
}

const ON = "t.id = s.id";
const T: readonly MergeRow[] = [[1, 1, 10, "a"], [2, 2, 20, "b"], [3, 3, 30, "c"]];
const UPDATE = { action: "update" } as const;
const DELETE = { action: "delete" } as const;
const on = ["id"];

/** The cases. */
export const MERGE_CASES: readonly MergeCase[] = [
  {
    name: "a row that matches several is refused",
    target: T,
    source: [[1, 1, 11, "x"], [1, 1, 12, "y"]],
    sql: `${ON} WHEN MATCHED THEN UPDATE SET *`,
    options: { on, whenMatched: [UPDATE] },
    isRefused: true,
  },
  {
    name: "several matches: equal rows of the source are several too",
    target: T,
    source: [[1, 1, 11, "x"], [1, 1, 11, "x"]],
    sql: `${ON} WHEN MATCHED THEN UPDATE SET *`,
    options: { on, whenMatched: [UPDATE] },
    isRefused: true,
  },
  {
    name: "several matches: allowed for one delete without a condition",
    target: T,
    source: [[1, 1, 11, "x"], [1, 1, 12, "y"]],
    sql: `${ON} WHEN MATCHED THEN DELETE`,
    options: { on, whenMatched: [DELETE] },
  },
  {
    name: "several matches: allowed for one delete without a condition, beside an insert",
    target: T,
    source: [[1, 1, 11, "x"], [1, 1, 12, "y"], [7, 7, 7, "new"], [7, 7, 7, "new"]],
    sql: `${ON} WHEN MATCHED THEN DELETE WHEN NOT MATCHED THEN INSERT *`,
    options: { on, whenMatched: [DELETE], whenNotMatched: [{}] },
  },
  {
    name: "several matches: refused for a delete with a condition that is true for several",
    target: T,
    source: [[1, 1, 11, "x"], [1, 1, 12, "y"]],
    sql: `${ON} WHEN MATCHED AND s.v > 0 THEN DELETE`,
    options: { on, whenMatched: [{ ...DELETE, where: "source.v > 0" }] },
    isRefused: true,
  },
  {
    name: "several matches: refused whether their conditions are true or not",
    target: T,
    source: [[1, 1, 11, "x"], [1, 1, 12, "y"]],
    sql: `${ON} WHEN MATCHED AND s.v = 11 THEN UPDATE SET *`,
    options: { on, whenMatched: [{ ...UPDATE, where: "source.v = 11" }] },
    isRefused: true,
  },
  {
    name: "several matches: refused whether their conditions are true or not, of a delete",
    target: T,
    source: [[1, 1, 11, "x"], [1, 1, 12, "y"]],
    sql: `${ON} WHEN MATCHED AND s.v = 11 THEN DELETE`,
    options: { on, whenMatched: [{ ...DELETE, where: "source.v = 11" }] },
    isRefused: true,
  },
  {
    name: "several matches: refused though their conditions are false",
    target: T,
    source: [[1, 1, 11, "x"], [1, 1, 12, "y"], [2, 2, 99, "z"]],
    sql: `${ON} WHEN MATCHED AND s.v = 99 THEN UPDATE SET *`,
    options: { on, whenMatched: [{ ...UPDATE, where: "source.v = 99" }] },
    isRefused: true,
  },
  {
    name: "several matches: refused beside an insert too",
    target: T,
    source: [[1, 1, 11, "x"], [1, 1, 12, "y"]],
    sql: `${ON} WHEN MATCHED AND s.v = 11 THEN UPDATE SET * WHEN NOT MATCHED THEN INSERT *`,
    options: { on, whenMatched: [{ ...UPDATE, where: "source.v = 11" }], whenNotMatched: [{}] },
    isRefused: true,
  },
  {
    name: "several matches: do not matter to inserts alone",
    target: [...T, [1, 1, 10, "again"]],
    source: [[1, 1, 11, "x"], [1, 1, 12, "y"], [9, 9, 9, "new"]],
    sql: `${ON} WHEN NOT MATCHED THEN INSERT *`,
    options: { on, whenNotMatched: [{}] },
  },
  {
    name: "several matches: refused beside a clause for rows that the source does not have",
    target: T,
    source: [[1, 1, 11, "x"], [1, 1, 12, "y"]],
    sql: `${ON} WHEN NOT MATCHED BY SOURCE THEN DELETE`,
    options: { on, whenNotMatchedBySource: [DELETE] },
    isRefused: true,
  },
  {
    name:
      "several matches: allowed for one delete without a condition, beside rows that the source does not have",
    target: T,
    source: [[1, 1, 11, "x"], [1, 1, 12, "y"]],
    sql: `${ON} WHEN MATCHED THEN DELETE WHEN NOT MATCHED BY SOURCE AND t.v > 25 THEN UPDATE SET v = 0`,
    options: {
      on,
      whenMatched: [DELETE],
      whenNotMatchedBySource: [{ ...UPDATE, where: "target.v > 25", set: { v: 0n } }],
    },
  },
  {
    name: "several matches: refused for two clauses that both delete",
    target: T,
    source: [[1, 1, 11, "x"], [1, 1, 12, "y"]],
    sql: `${ON} WHEN MATCHED AND s.v = 11 THEN DELETE WHEN MATCHED THEN DELETE`,
    options: { on, whenMatched: [{ ...DELETE, where: "source.v = 11" }, DELETE] },
    isRefused: true,
  },
  {
    name: "several matches: keys that are null are none",
    target: [[null, 1, 10, "a"], [2, 2, 20, "b"]],
    source: [[null, 1, 11, "x"], [null, 1, 12, "y"], [2, 2, 21, "z"]],
    sql: `${ON} WHEN MATCHED THEN UPDATE SET *`,
    options: { on, whenMatched: [UPDATE] },
  },
  {
    name: "one row of the source may match several of the table",
    target: [[1, 1, 10, "a"], [1, 1, 20, "b"]],
    source: [[1, 1, 11, "x"]],
    sql: `${ON} WHEN MATCHED THEN UPDATE SET *`,
    options: { on, whenMatched: [UPDATE] },
  },
  {
    name: "equal rows of the source that match nothing are all inserted",
    target: T,
    source: [[7, 7, 7, "new"], [7, 7, 7, "new"]],
    sql: `${ON} WHEN NOT MATCHED THEN INSERT *`,
    options: { on, whenNotMatched: [{}] },
  },
  {
    name: "a null key matches nothing on either side",
    target: [[null, 1, 10, "a"], [2, 2, 20, "b"]],
    source: [[null, 1, 11, "x"], [2, 2, 21, "y"]],
    sql:
      `${ON} WHEN MATCHED THEN UPDATE SET * WHEN NOT MATCHED THEN INSERT * WHEN NOT MATCHED BY SOURCE THEN UPDATE SET n = 'left'`,
    options: {
      on,
      whenMatched: [UPDATE],
      whenNotMatched: [{}],
      whenNotMatchedBySource: [{ ...UPDATE, set: { n: "left" } }],
    },
  },
  {
    name: "NaN is a key like others, and the two zeros are one",
    target: [[1, NaN, 10, "nan"], [2, 0, 20, "zero"], [3, 3, 30, "c"]],
    source: [[11, NaN, 11, "x"], [12, -0, 12, "y"]],
    sql: "t.f = s.f WHEN MATCHED THEN UPDATE SET v = s.v, n = s.n WHEN NOT MATCHED THEN INSERT *",
    options: {
      on: ["f"],
      whenMatched: [{ ...UPDATE, set: { v: sourceColumn("v"), n: sourceColumn("n") } }],
      whenNotMatched: [{}],
    },
  },
  {
    name: "the first clause whose condition is true counts",
    target: T,
    source: T.map(([id, f, v]) => [id, f, (v ?? 0) + 1, "s"] as const),
    sql:
      `${ON} WHEN MATCHED AND s.v < 15 THEN DELETE WHEN MATCHED AND s.v < 25 THEN UPDATE SET n = 'first' ` +
      "WHEN MATCHED THEN UPDATE SET n = 'last'",
    options: {
      on,
      whenMatched: [
        { ...DELETE, where: "source.v < 15" },
        { ...UPDATE, where: "source.v < 25", set: { n: "first" } },
        { ...UPDATE, set: { n: "last" } },
      ],
    },
  },
  {
    name: "a clause without a condition must be the last of its kind",
    target: T,
    source: T,
    sql: `${ON} WHEN MATCHED THEN DELETE WHEN MATCHED AND s.v = 1 THEN UPDATE SET *`,
    options: { on, whenMatched: [DELETE, { ...UPDATE, where: "source.v = 1" }] },
    isRefused: true,
  },
  {
    name: "a condition that is null is not true",
    target: [[1, 1, null, "a"], [2, 2, 20, "b"]],
    source: [[1, 1, 11, "x"], [2, 2, 21, "y"]],
    sql: `${ON} WHEN MATCHED AND s.v > t.v THEN UPDATE SET *`,
    options: { on, whenMatched: [{ ...UPDATE, where: "source.v > target.v" }] },
  },
  {
    name: "an update of the same values counts as one",
    target: T,
    source: T,
    sql: `${ON} WHEN MATCHED THEN UPDATE SET *`,
    options: { on, whenMatched: [UPDATE] },
  },
  {
    name: "columns that an update does not name stay, those that an insert does not name are null",
    target: T,
    source: [[1, 9, 11, "x"], [8, 8, 8, "new"]],
    sql: `${ON} WHEN MATCHED THEN UPDATE SET v = s.v WHEN NOT MATCHED THEN INSERT (id, n) VALUES (s.id, s.n)`,
    options: {
      on,
      whenMatched: [{ ...UPDATE, set: { v: sourceColumn("v") } }],
      whenNotMatched: [{ values: { id: sourceColumn("id"), n: sourceColumn("n") } }],
    },
  },
  {
    name: "an update may change the key",
    target: T,
    source: [[1, 1, 11, "x"]],
    sql: `${ON} WHEN MATCHED THEN UPDATE SET id = 2`,
    options: { on, whenMatched: [{ ...UPDATE, set: { id: 2n } }] },
  },
  {
    name: "rows that the source does not have: the first clause counts, others stay",
    target: T,
    source: [[1, 1, 11, "x"]],
    sql:
      `${ON} WHEN NOT MATCHED BY SOURCE AND t.v > 25 THEN DELETE WHEN NOT MATCHED BY SOURCE AND t.v > 100 THEN UPDATE SET n = 'far'`,
    options: {
      on,
      whenNotMatchedBySource: [
        { ...DELETE, where: "target.v > 25" },
        { ...UPDATE, where: "target.v > 100", set: { n: "far" } },
      ],
    },
  },
  {
    name: "an insert may not look at the table",
    target: T,
    source: [[8, 8, 8, "new"]],
    sql: `${ON} WHEN NOT MATCHED AND t.v > 1 THEN INSERT *`,
    options: { on, whenNotMatched: [{ where: "target.v > 1" }] },
    isRefused: true,
  },
  {
    name: "rows that the source does not have may not look at the source",
    target: T,
    source: [[8, 8, 8, "new"]],
    sql: `${ON} WHEN NOT MATCHED BY SOURCE AND s.v > 1 THEN DELETE`,
    options: { on, whenNotMatchedBySource: [{ ...DELETE, where: "source.v > 1" }] },
    isRefused: true,
  },
  {
    name: "a row that no clause takes is copied where its file is written again",
    target: T,
    source: [[1, 1, 11, "x"], [2, 2, 21, "y"]],
    sql: `${ON} WHEN MATCHED AND s.v = 11 THEN UPDATE SET *`,
    options: { on, whenMatched: [{ ...UPDATE, where: "source.v = 11" }] },
  },
  {
    name: "an empty source leaves all to the rows that it does not have",
    target: T,
    source: [],
    sql: `${ON} WHEN MATCHED THEN DELETE WHEN NOT MATCHED BY SOURCE THEN UPDATE SET v = 0`,
    options: { on, whenMatched: [DELETE], whenNotMatchedBySource: [{ ...UPDATE, set: { v: 0n } }] },
  },
  {
    name: "a merge that takes no row leaves all files",
    target: T,
    source: [[1, 1, 11, "x"]],
    sql: `${ON} WHEN MATCHED AND s.v = 99 THEN UPDATE SET *`,
    options: { on, whenMatched: [{ ...UPDATE, where: "source.v = 99" }] },
    isNothing: true,
  },
];
