/** The newest rejected messages: of the files only those that may hold them, of these only the columns it takes. */
import {
  type Add,
  columnBounds,
  type DeltaTable,
  type Frame,
  frameRows,
  type Predicate,
  predicateColumns,
  type Row,
  type ScannedFile,
  scannedFiles,
  type StructField,
  toPolars,
} from "../delta/mod.ts";
import {
  quarantineFields,
  type RejectedPlace,
  rejectedPlace,
  type RejectionFilter,
  rejectionPredicate,
} from "./rejected_row.ts";

/** A rejected message with the beginning of its value. */
export interface ListedRejection extends RejectedPlace {
  /** Null for a tombstone. */
  readonly start: Uint8Array | null;
  /** Of the whole value; null for a tombstone. */
  readonly sizeBytes: number | null;
}

/** Which messages, and how many at most. */
export interface ListOptions extends RejectionFilter {
  readonly limit: number;
}

/** A row by where it is found again: the how manieth of those that the file has for the filter. */
interface Candidate {
  readonly add: Add;
  readonly row: number;
  readonly micros: bigint;
  readonly partition: number;
  readonly offset: bigint;
}

const ORDER_FIELDS = quarantineFields((name) =>
  ["kafkaMessageTimestamp", "kafkaPartition", "kafkaOffset"].includes(name)
);
const START_BYTES = 200;
/** Rows whose time is not known come last. */
const NO_TIME = -(2n ** 63n);

/** The newest messages of the filter, the newest first. */
export async function listRejections(
  quarantine: DeltaTable,
  { limit, ...filter }: ListOptions,
): Promise<readonly ListedRejection[]> {
  const where = rejectionPredicate(filter);
  const chosen = await chooseNewest(quarantine, where, limit);
  const found = new Map<Candidate, ListedRejection>();
  const fields = quarantineFields(() => true, quarantine);
  for (const [add, mine] of Map.groupBy(chosen, (candidate) => candidate.add)) {
    const byRow = new Map(mine.map((candidate) => [candidate.row, candidate]));
    const rows = frameRows(
      await readMatching(quarantine, { add, match: "some" }, where, fields),
      fields,
    );
    for (const [at, row] of rows.map((row, at) => [at, row] as const)) {
      const candidate = byRow.get(at);
      if (candidate !== undefined) found.set(candidate, listedOf(row));
    }
  }
  return chosen.flatMap((candidate) => found.get(candidate) ?? []);
}

/** From the files with the newest messages on, until no other can hold a newer one. */
async function chooseNewest(
  quarantine: DeltaTable,
  where: Predicate,
  limit: number,
): Promise<readonly Candidate[]> {
  const boundsOf = columnBounds(["kafkaMessageTimestamp"], quarantine.snapshot);
  const newest = ({ add }: ScannedFile) => {
    const { upper, hasValues } = boundsOf(add);
    if (hasValues === false) return NO_TIME;
    return typeof upper === "bigint" ? upper : 2n ** 63n;
  };
  const files = scannedFiles(quarantine.snapshot, where).map((file) => ({ file, newest: newest(file) }))
    .sort((a, b) => compare(b.newest, a.newest));
  let chosen: readonly Candidate[] = [];
  for (const { file, newest } of files) {
    const oldest = chosen.at(-1);
    if (limit === 0 || (chosen.length === limit && oldest !== undefined && oldest.micros > newest)) break;
    const frame = await readMatching(quarantine, file, where, ORDER_FIELDS);
    const mine = frameRows(frame, ORDER_FIELDS).map((row, at) => candidateOf(file.add, row, at)).toArray();
    chosen = [...chosen, ...mine].sort(newestFirst).slice(0, limit);
  }
  return chosen;
}

async function readMatching(
  quarantine: DeltaTable,
  { add }: ScannedFile,
  where: Predicate,
  fields: readonly StructField[],
): Promise<Frame> {
  const columns = [...new Set([...fields.map(({ name }) => name), ...predicateColumns(where)])];
  const frame = await quarantine.readFile(add, { columns });
  const isAll = where.kind === "and" && where.terms.length === 0;
  const mine = isAll ? frame : frame.filter(toPolars(where, quarantine.snapshot.schema));
  return mine.select(...fields.map(({ name }) => name));
}

function candidateOf(add: Add, row: Row, at: number): Candidate {
  const { kafkaMessageTimestamp: micros } = row;
  return {
    add,
    row: at,
    micros: typeof micros === "bigint" ? micros : NO_TIME,
    partition: Number(row.kafkaPartition ?? 0),
    offset: BigInt(String(row.kafkaOffset ?? 0)),
  };
}

function newestFirst(a: Candidate, b: Candidate): number {
  return compare(b.micros, a.micros) || a.partition - b.partition || compare(b.offset, a.offset);
}

function compare(a: bigint, b: bigint): number {
  return a === b ? 0 : a < b ? -1 : 1;
}

function listedOf(row: Row): ListedRejection {
  const { rawValue: value } = row;
  const bytes = value instanceof Uint8Array ? value : null;
  return {
    ...rejectedPlace(row),
    start: bytes?.slice(0, START_BYTES) ?? null,
    sizeBytes: bytes?.length ?? null,
  };
}
