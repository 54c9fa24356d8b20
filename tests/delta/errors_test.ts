/** Every error of the library has a code, names its table, and says what to do where something can be done. */

import { assertEquals, assertInstanceOf, assertRejects, assertStringIncludes } from "@std/assert";
import pl from "nodejs-polars";
import {
  appendFrame,
  CommitConflictError,
  CorruptFileError,
  CorruptLogError,
  createTable,
  DeltaError,
  LocalStore,
  NotFoundError,
  openTable,
  StoreError,
  TableNotFoundError,
  tableSchema,
  TooLargeError,
  UnknownOutcomeError,
  UnsupportedTableError,
} from "../../lib/delta/mod.ts";
import { nameFile } from "../../lib/delta/store/system_error.ts";
import { testContext } from "./test_context.ts";

const FILES = { read: true, write: true, ffi: true, sys: true, env: true } as const;
const SCHEMA = tableSchema({ p: "string", id: "double" });

Deno.test({
  name: "all errors of the library have one base, with a code and the table",
  permissions: "none",
  fn: () => {
    const table = "here";
    const errors: readonly DeltaError[] = [
      new NotFoundError("a", table),
      new StoreError("m", { code: "DISK_FULL", path: "a" }, { table }),
      new TableNotFoundError("m", { table }),
      new CorruptLogError("m", { path: "a" }, { table }),
      new CorruptFileError("m", "a", { table }),
      new TooLargeError("m", "a", { table }),
      new UnsupportedTableError("m", [], { table }),
      new CommitConflictError("m", 1, { table }),
      new UnknownOutcomeError("m", { version: 1, txnId: "t", table }, undefined),
    ];
    for (const error of errors) assertInstanceOf(error, DeltaError);
    assertEquals(errors.map(({ code, name, retriable, table: of }) => [code, name, retriable, of]), [
      ["NOT_FOUND", "NotFoundError", false, table],
      ["DISK_FULL", "StoreError", true, table],
      ["TABLE_NOT_FOUND", "TableNotFoundError", false, table],
      ["CORRUPT_LOG", "CorruptLogError", false, table],
      ["CORRUPT_FILE", "CorruptFileError", false, table],
      ["TOO_LARGE", "TooLargeError", false, table],
      ["UNSUPPORTED", "UnsupportedTableError", false, table],
      ["COMMIT_CONFLICT", "CommitConflictError", true, table],
      ["UNKNOWN_OUTCOME", "UnknownOutcomeError", false, table],
    ]);
  },
});

Deno.test({
  name: "what the file system refuses names the file, its table and what to do",
  permissions: "none",
  fn: () => {
    const place = { action: "write", path: "p=1/a.parquet", label: "data/t" } as const;
    const of = (code: string) => {
      const error = nameFile(Object.assign(new Error(`${code} (os error 7)`), { code }), place);
      assertInstanceOf(error, StoreError);
      assertEquals([error.path, error.table], ["p=1/a.parquet", "data/t"]);
      assertStringIncludes(error.message, 'Cannot write "p=1/a.parquet" in "data/t": ');
      assertStringIncludes(error.message, ", expected ");
      return error.code;
    };
    const codes = [
      "ENOSPC",
      "EDQUOT",
      "ENAMETOOLONG",
      "EACCES",
      "EROFS",
      "ENOTDIR",
      "EISDIR",
      "ELOOP",
      "EMFILE",
      "EIO",
    ];
    assertEquals([...codes, "EWEIRD"].map(of), [
      "DISK_FULL",
      "DISK_FULL",
      "NAME_TOO_LONG",
      "NO_PERMISSION",
      "NO_PERMISSION",
      "NO_FOLDER",
      "NO_FILE",
      "NO_FILE",
      "BUSY",
      "IO_ERROR",
      "IO_ERROR",
    ]);
    for (
      const other of [new TypeError("mine"), new Deno.errors.NotCapable("no"), new NotFoundError("a", "b"), 7]
    ) {
      assertEquals(nameFile(other, place), other);
    }
  },
});

Deno.test({
  name: "a partition value of 300 characters and a file in the place of a folder, say what to do",
  permissions: FILES,
  fn: () =>
    withFolder(async (folder) => {
      const table = await createTable(
        new LocalStore(folder),
        { schema: SCHEMA, partitionColumns: ["p"] },
        testContext(),
      );
      const write = (p: string) => appendFrame(table, pl.DataFrame({ p: [p], id: [1] }));
      const long = await assertRejects(
        () => write("a".repeat(300)),
        StoreError,
        "shorten it or partition by another",
      );
      assertEquals([long.code, long.table, long.retriable], ["NAME_TOO_LONG", folder, false]);
      await Deno.writeTextFile(`${folder}/p=file`, "");
      const file = await assertRejects(() => write("file"), StoreError, "a part of its path is a file");
      assertEquals(file.code, "NO_FOLDER");
      const inside = new LocalStore(`${folder}/p=file/table`);
      const create = () => createTable(inside, { schema: SCHEMA }, testContext());
      assertEquals((await assertRejects(create, StoreError)).code, "NO_FOLDER");
    }),
});

Deno.test({
  name: "a broken commit, checkpoint, data file and schema name their table, and what helps",
  permissions: FILES,
  fn: () =>
    withFolder(async (folder) => {
      const table = await createTable(new LocalStore(folder), { schema: SCHEMA }, testContext());
      await appendFrame(table, pl.DataFrame({ p: ["a"], id: [1] }));
      const [add] = table.snapshot.files.values();
      const open = () => openTable(new LocalStore(folder), testContext());
      await Deno.writeTextFile(`${folder}/${add?.path}`, "PAR1 no more");
      const read = async () => await (await open()).readFile(add ?? { path: "", partitionValues: {} });
      const faults: DeltaError[] = [await assertRejects(read, CorruptFileError)];
      const commit = `${folder}/_delta_log/${"0".repeat(19)}1.json`;
      const line = await Deno.readTextFile(commit);
      for (const broken of ["{", '{"protocol":7}', '{"add":{"path":1}}', line.replaceAll("{", "[")]) {
        await Deno.writeTextFile(commit, broken);
        faults.push(await assertRejects(open, CorruptLogError));
      }
      await Deno.remove(commit);
      await Deno.writeTextFile(`${folder}/_delta_log/${"0".repeat(19)}2.checkpoint.parquet`, "PAR1");
      await Deno.remove(`${folder}/_delta_log/${"0".repeat(20)}.json`);
      faults.push(await assertRejects(open, CorruptLogError));
      for (const { message, table: label } of faults) {
        assertEquals(label, folder);
        assertStringIncludes(message, `(in the table "${folder}"); restore the file from a copy`);
      }
    }),
});

async function withFolder(act: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await act(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
