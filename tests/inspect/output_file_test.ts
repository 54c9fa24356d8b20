/** `--out`: what was there stays until all is written, whatever it is. */
import { assert, assertEquals, assertRejects } from "@std/assert";
import { UsageError } from "../../lib/errors.ts";
import { isStandardOutput, openOutput, streamTo, writeOutput } from "../../lib/inspect/output_file.ts";

const bytes = (text: string) => new TextEncoder().encode(text);

async function withFolder(act: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await act(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

function namesIn(folder: string): readonly string[] {
  return Array.from(Deno.readDirSync(folder), ({ name }) => name).toSorted();
}

Deno.test("a file is there when all of it is, with the rights of the one before; until then the old one stays", async () => {
  await withFolder(async (folder) => {
    const path = `${folder}/keep.csv`;
    await Deno.writeTextFile(path, "precious", { mode: 0o640 });
    const out = await openOutput(path);
    assert(await out.write(bytes("new")));
    assertEquals(await Deno.readTextFile(path), "precious");
    await out.finish();
    assertEquals(await Deno.readTextFile(path), "new");
    assertEquals(((await Deno.stat(path)).mode ?? 0) & 0o777, 0o640);
    assertEquals(namesIn(folder), ["keep.csv"]);
  });
});

Deno.test("what is discarded leaves nothing, and what was there before", async () => {
  await withFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/keep.csv`, "precious");
    for (const name of ["keep.csv", "fresh.csv"]) {
      const out = await openOutput(`${folder}/${name}`);
      await out.write(bytes("half"));
      await out.discard();
    }
    assertEquals(namesIn(folder), ["keep.csv"]);
    assertEquals(await Deno.readTextFile(`${folder}/keep.csv`), "precious");
  });
});

Deno.test("a link stays a link, and the file behind it is replaced", async () => {
  await withFolder(async (folder) => {
    await Deno.mkdir(`${folder}/real`);
    await Deno.writeTextFile(`${folder}/real/rows.csv`, "old");
    await Deno.symlink("real/rows.csv", `${folder}/link.csv`);
    const out = await openOutput(`${folder}/link.csv`);
    await out.write(bytes("new"));
    await out.finish();
    assertEquals((await Deno.lstat(`${folder}/link.csv`)).isSymlink, true);
    assertEquals(await Deno.readTextFile(`${folder}/real/rows.csv`), "new");
    assertEquals(namesIn(`${folder}/real`), ["rows.csv"]);
  });
});

Deno.test("nothing is written among the files of a Delta table, in a partition, in the log, by a link or over a file", async () => {
  await withFolder(async (folder) => {
    await Deno.mkdir(`${folder}/zone/trains/_delta_log`, { recursive: true });
    await Deno.mkdir(`${folder}/zone/trains/day=1`);
    await Deno.writeTextFile(`${folder}/zone/trains/day=1/part.parquet`, "rows");
    await Deno.symlink(`${folder}/zone/trains/day=1`, `${folder}/link`);
    await Deno.symlink(`${folder}/zone/trains/day=1/part.parquet`, `${folder}/file`);
    for (
      const place of ["zone/trains/x", "zone/trains/day=1/x", "zone/trains/_delta_log/x", "link/x", "file"]
    ) {
      const error = await assertRejects(() => openOutput(`${folder}/${place}`), UsageError);
      assertEquals(
        error.message,
        `Cannot use "--out": found the folder of a table at "${folder}/${place}", expected a file elsewhere`,
      );
    }
    assertEquals(namesIn(`${folder}/zone/trains/day=1`), ["part.parquet"]);
    await writeOutput(`${folder}/zone/x`, bytes("beside"));
    assertEquals(namesIn(`${folder}/zone`), ["trains", "x"]);
  });
});

Deno.test("a text is written whole, and standard output by any of its names is no file", async () => {
  await withFolder(async (folder) => {
    for (const text of ["first, and longer", "second"]) {
      await writeOutput(`${folder}/report.xml`, bytes(text));
      assertEquals(await Deno.readTextFile(`${folder}/report.xml`), text);
    }
    assertEquals(namesIn(folder), ["report.xml"]);
  });
  assertEquals(["-", "/dev/stdout", "/dev/fd/1", "./-", "stdout"].map(isStandardOutput), [
    true,
    true,
    true,
    false,
    false,
  ]);
});

Deno.test("a device is written as it comes", async () => {
  const out = await openOutput("/dev/null");
  assert(await out.write(bytes("gone")));
  await out.finish();
});

Deno.test("a folder, a folder that is not there, and a file for a folder are wrong uses", async () => {
  await withFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/file`, "");
    const cases = [
      [folder, "found a folder at"],
      [`${folder}/new/`, "found a folder at"],
      [`${folder}/no/rows.csv`, "found no such folder at"],
      [`${folder}/file/rows.csv`, "found a file where a folder should be at"],
    ] as const;
    for (const [path, message] of cases) {
      const error = await assertRejects(() => openOutput(path), UsageError);
      assert(error.message.startsWith(`Cannot use "--out": ${message} "${path}"`), error.message);
    }
    assertEquals(namesIn(folder), ["file"]);
  });
});

Deno.test({
  name: "where only the file itself may be written, it is written in place",
  permissions: { read: true, write: ["/tmp/ratalake_rows.csv"] },
  fn: async () => {
    const path = "/tmp/ratalake_rows.csv";
    const out = await openOutput(path);
    await out.write(bytes("new"));
    await out.finish();
    assertEquals(await Deno.readTextFile(path), "new");
    await Deno.remove(path);
  },
});

Deno.test("a reader that has gone is no error, any other failure is one", async () => {
  const broken = (code: string) =>
    streamTo({ write: () => Promise.reject(Object.assign(new Error(code), { code })), close: () => {} });
  assertEquals(await broken("EPIPE").write(bytes("x")), false);
  await assertRejects(() => broken("ENOSPC").write(bytes("x")), Error, "ENOSPC");
  let written = "";
  const slow = streamTo({
    write: (part) => {
      written += new TextDecoder().decode(part.subarray(0, 2));
      return Promise.resolve(Math.min(2, part.length));
    },
    close: () => {},
  });
  assertEquals([await slow.write(bytes("abcde")), written], [true, "abcde"]);
});
