import { assert, assertEquals } from "@std/assert";
import { createTable, LocalStore, openTable, tableSchema } from "../../../lib/delta/mod.ts";
import { tableRows } from "../table_rows.ts";
import { testContext } from "../test_context.ts";

/** Commits per process; more with RATALAKE_COMMITS. */
const COMMITS = Number(Deno.env.get("RATALAKE_COMMITS") ?? 2);
const ROLES = ["append", "append", "append", "append", "merge", "merge", "merge", "maintain"];
const schema = tableSchema({ kind: "string", key: "string", amount: "long" });

Deno.test({
  name:
    `8 processes with ${COMMITS} commits each lose nothing, double nothing, and every reader sees whole versions`,
  permissions: { read: true, write: true, run: true, env: true, sys: true, ffi: true },
  fn: async () => {
    const folder = await Deno.makeTempDir();
    try {
      await createTable(
        new LocalStore(folder),
        { schema, partitionColumns: ["kind"] },
        testContext("create"),
      );
      const writers = ROLES.map((role, index) => runWriter(folder, role, `${role}-${index}`));
      const done = Promise.all(writers);
      const versionsSeen = await readUntil(folder, done);
      const [accepted, merges] = collect(await done);
      assert(versionsSeen > 1, "the reader saw the table move");
      await checkTable(folder, accepted, merges);
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});

async function runWriter(folder: string, role: string, name: string): Promise<readonly string[]> {
  const script = new URL("./concurrency/table_writer.ts", import.meta.url).pathname;
  const permissions = ["--allow-read", "--allow-write", "--allow-env", "--allow-sys", "--allow-ffi"];
  const command = new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--quiet",
      "--no-prompt",
      "--no-check",
      ...permissions,
      script,
      folder,
      role,
      name,
      String(COMMITS),
    ],
  });
  const { success, stdout, stderr } = await command.output();
  assert(success, `${name}: ${new TextDecoder().decode(stderr)}`);
  return new TextDecoder().decode(stdout).trim().split("\n");
}

async function readUntil(folder: string, done: Promise<unknown>): Promise<number> {
  let isDone = false;
  done.then(() => isDone = true, () => isDone = true);
  const versions = new Set<number>();
  while (!isDone) {
    const table = await openTable(new LocalStore(folder), testContext("reader"));
    const rows = await tableRows(table);
    versions.add(table.snapshot.version);
    const batches = Map.groupBy(
      rows.filter(({ kind }) => kind === "row"),
      ({ key }) => String(key).slice(0, -2),
    );
    const torn = [...batches].filter(([, group]) => group.length !== 3);
    assertEquals(torn, [], `version ${table.snapshot.version}`);
    assertEquals(sumOf(rows) % 2n, 0n, `version ${table.snapshot.version}`);
  }
  return versions.size;
}

function collect(outputs: readonly (readonly string[])[]): readonly [readonly string[], number] {
  const lines = outputs.flatMap((output, index) => output.map((line) => [ROLES[index], line] as const));
  const committed = lines.filter(([, line]) => line.startsWith("committed "));
  const batches = committed.filter(([role]) => role === "append").map(([, line]) =>
    line.slice("committed ".length)
  );
  return [batches, committed.filter(([role]) => role === "merge").length];
}

async function checkTable(folder: string, accepted: readonly string[], merges: number): Promise<void> {
  assertEquals(accepted.length, COMMITS * ROLES.filter((role) => role === "append").length);
  assertEquals(merges, COMMITS * ROLES.filter((role) => role === "merge").length);
  const table = await openTable(new LocalStore(folder), testContext("checker"));
  const rows = await tableRows(table);
  const keys = rows.filter(({ kind }) => kind === "row").map(({ key }) => key);
  assertEquals(
    keys.toSorted(),
    accepted.flatMap((batch) => ["a", "b", "c"].map((end) => `${batch}/${end}`)).toSorted(),
  );
  assertEquals(sumOf(rows), BigInt(2 * merges));
  const log = [...Deno.readDirSync(`${folder}/_delta_log`)].map(({ name }) => name);
  const versions = log.filter((name) => /^\d{20}\.json$/.test(name)).toSorted().map((name) =>
    Number(name.slice(0, 20))
  );
  assertEquals(versions, Array.from({ length: table.snapshot.version + 1 }, (_, version) => version));
  assertEquals(log.filter((name) => name.endsWith(".tmp")), []);
}

function sumOf(rows: readonly Readonly<Record<string, unknown>>[]): bigint {
  const counters = rows.filter(({ kind }) => kind === "counter");
  return counters.reduce((sum, { amount }) => sum + BigInt(String(amount)), 0n);
}
