/** Damage of every kind, the same for the same random numbers. */

const HOSTILE: readonly unknown[] = [
  null,
  true,
  -1,
  0,
  1.5,
  1e300,
  2 ** 31,
  Number.MAX_SAFE_INTEGER,
  "",
  "9007199254740993",
  "../../etc/passwd",
  "/etc/passwd",
  "%2e%2e%2fup",
  "a%zz",
  "s3://bucket/file",
  "__proto__",
  "\u0000",
  "\ud800",
  "x".repeat(10_000),
  {},
  [],
  [null],
  { type: "struct", fields: [] },
  { "": "" },
  nested(200),
];

const HOSTILE_LINES: readonly string[] = [
  '{"__proto__":{"add":{"path":"x"}}}',
  '{"add":{"__proto__":null,"path":"x","partitionValues":{"__proto__":"1"},"size":1,"modificationTime":1}}',
  '{"protocol":{"minReaderVersion":3,"minWriterVersion":7,"readerFeatures":["catalogOwned"],"writerFeatures":[]}}',
  '{"protocol":{"minReaderVersion":99,"minWriterVersion":99}}',
  '{"unknown":{"a":1}}',
  "[]",
  "null",
  "{",
  "[".repeat(5000),
  "\ufeff{}",
  '{"add":1,"remove":2}',
];

type Random = () => number;

/** The files with one to three faults in their log. */
export function mutateTable(
  files: ReadonlyMap<string, Uint8Array>,
  random: Random,
): ReadonlyMap<string, Uint8Array> {
  const mutated = new Map(files);
  const faults = 1 + Math.floor(random() * 3);
  for (let fault = 0; fault < faults; fault++) {
    const log = [...mutated.keys()].filter((path) => path.startsWith("_delta_log/"));
    if (log.length > 0) mutateFile(mutated, pick(log, random), random);
  }
  return mutated;
}

function mutateFile(files: Map<string, Uint8Array>, path: string, random: Random): void {
  const bytes = files.get(path) ?? new Uint8Array();
  const chance = random();
  if (chance < 0.04) files.delete(path);
  else if (chance < 0.08) files.set(otherVersion(path, random), bytes);
  else if (chance < 0.12) files.set(path, bytes.subarray(0, Math.floor(random() * bytes.length)));
  else if (path.endsWith(".parquet") || chance < 0.3) files.set(path, mutateBytes(bytes, random));
  else files.set(path, new TextEncoder().encode(mutateLines(new TextDecoder().decode(bytes), random)));
}

// Often the very next or the last version, sometimes one with more digits than a number has.
function otherVersion(path: string, random: Random): string {
  const version = pick([0, 1, 2, 3, 6, 7, 99, "99999999999999999999"], random);
  return path.replace(/\d{20}/, String(version).padStart(20, "0"));
}

function mutateBytes(bytes: Uint8Array, random: Random): Uint8Array {
  const copy = new Uint8Array(bytes);
  const count = 1 + Math.floor(random() * 8);
  // Footers hold the lengths that readers trust most.
  const from = random() < 0.5 ? Math.floor(copy.length / 2) : 0;
  for (let index = 0; index < count; index++) {
    const at = from + Math.floor(random() * (copy.length - from));
    copy[at] = random() < 0.5
      ? Math.floor(random() * 256)
      : (copy[at] ?? 0) ^ (1 << Math.floor(random() * 8));
  }
  return copy;
}

function mutateLines(text: string, random: Random): string {
  const lines = text.split("\n");
  const at = Math.floor(random() * lines.length);
  const chance = random();
  if (chance < 0.1) lines.splice(at, 1);
  else if (chance < 0.2) lines.splice(at, 0, pick(lines, random));
  else if (chance < 0.35) lines.splice(at, 0, pick(HOSTILE_LINES, random));
  else lines[at] = mutateLine(lines[at] ?? "", random);
  return lines.join("\n");
}

function mutateLine(line: string, random: Random): string {
  try {
    return JSON.stringify(mutateValue(JSON.parse(line), random));
  } catch {
    return line.slice(0, Math.floor(random() * line.length));
  }
}

function mutateValue(value: unknown, random: Random): unknown {
  if (typeof value === "string" && /^[{[]/.test(value) && random() < 0.7) return mutateLine(value, random);
  if (typeof value !== "object" || value === null || random() < 0.1) return pick(HOSTILE, random);
  if (Array.isArray(value)) {
    const at = Math.floor(random() * value.length);
    return random() < 0.2 ? value.toSpliced(at, 1) : value.with(at, mutateValue(value[at], random));
  }
  const entries = Object.entries(value);
  const at = Math.floor(random() * entries.length);
  const [key = "", part] = entries[at] ?? [];
  const chance = random();
  if (chance < 0.1) return Object.fromEntries(entries.toSpliced(at, 1));
  if (chance < 0.15) return Object.fromEntries(entries.with(at, [`${key}x`, part]));
  return { ...value, [key]: mutateValue(part, random) };
}

function nested(depth: number): unknown {
  return depth === 0 ? "string" : { type: "array", elementType: nested(depth - 1), containsNull: true };
}

function pick<T>(values: readonly T[], random: Random): T {
  return values[Math.floor(random() * values.length)] as T;
}
