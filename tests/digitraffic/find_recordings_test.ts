import { assertEquals, assertRejects } from "@std/assert";
import { findRecordings } from "../../lib/digitraffic/find_recordings.ts";
import { UsageError } from "../../lib/errors.ts";

const FOLDER = Deno.makeTempDirSync();
const RIGHTS = { read: [FOLDER] };

globalThis.addEventListener("unload", () => Deno.removeSync(FOLDER, { recursive: true }));

for (const day of ["2025-02-16", "2025-02-17"]) {
  Deno.mkdirSync(`${FOLDER}/${day}/sub.json`, { recursive: true });
  for (
    const name of [
      "b.json",
      "a.json.gz",
      "c.ndjson",
      "d.JSONL",
      "notes.txt",
      ".hidden.json",
      "a(1)+.json",
      "x*.json",
    ]
  ) {
    Deno.writeTextFileSync(`${FOLDER}/${day}/${name}`, "[]");
  }
}

async function find(...patterns: string[]): Promise<readonly string[]> {
  const paths = await findRecordings(patterns.map((pattern) => `${FOLDER}/${pattern}`));
  return paths.map((path) => path.slice(FOLDER.length + 1));
}

Deno.test({
  name: "a star stands for any part of a name, in folders too, and finds recordings only",
  permissions: RIGHTS,
  fn: async () => {
    assertEquals(await find("2025-02-16/*"), [
      "2025-02-16/a(1)+.json",
      "2025-02-16/a.json.gz",
      "2025-02-16/b.json",
      "2025-02-16/c.ndjson",
      "2025-02-16/d.JSONL",
      "2025-02-16/x*.json",
    ]);
    assertEquals(await find("2025-*/b.js*n"), ["2025-02-16/b.json", "2025-02-17/b.json"]);
    assertEquals(await find("*-17/*.gz"), ["2025-02-17/a.json.gz"]);
    assertEquals(await find("*-17/a(*)+.json"), ["2025-02-17/a(1)+.json"]);
    assertEquals(await find("*-17/.*"), ["2025-02-17/.hidden.json"]);
  },
});

Deno.test({
  name: "names stay in their order, each once, and a file whose name has a star is that file",
  permissions: RIGHTS,
  fn: async () => {
    assertEquals(await find("2025-02-17/b.json", "*/b.json"), ["2025-02-17/b.json", "2025-02-16/b.json"]);
    assertEquals(await find("2025-02-17/x*.json"), ["2025-02-17/x*.json"]);
  },
});

Deno.test({
  name: "all names that match nothing are reported together",
  permissions: RIGHTS,
  fn: async () => {
    const error = await assertRejects(
      () =>
        find(
          "gone.json",
          "2025-02-16",
          "2025-02-16/notes.txt",
          "nowhere/*.json",
          "2025-02-16/b.json/*",
          "*.json",
        ),
      UsageError,
    );
    assertEquals(error.faults.map((fault) => fault.replaceAll(FOLDER, "")), [
      'Cannot replay "/gone.json": found no such file',
      'Cannot replay "/2025-02-16": found a folder, expected files such as "/2025-02-16/*.json"',
      'Cannot replay "/2025-02-16/notes.txt": found another extension, expected .json, .ndjson or .jsonl, or these with .gz',
      'Cannot replay "/nowhere/*.json": found no file that matches and ends in .json, .ndjson, .jsonl or .gz',
      'Cannot replay "/2025-02-16/b.json/*": found no file that matches and ends in .json, .ndjson, .jsonl or .gz',
      'Cannot replay "/*.json": found no file that matches and ends in .json, .ndjson, .jsonl or .gz',
    ]);
  },
});

Deno.test({
  name: "a file that this process has open is refused by whatever name or link it is meant",
  permissions: { read: [FOLDER], write: [FOLDER] },
  fn: async () => {
    const folder = `${FOLDER}/own`;
    await Deno.mkdir(folder);
    await Deno.writeTextFile(`${folder}/log.json`, "[]");
    await Deno.writeTextFile(`${folder}/train.json`, "[]");
    await Deno.link(`${folder}/log.json`, `${folder}/hard.json`);
    await Deno.link(`${folder}/log.json`, `${folder}/hard.ndjson`);
    const open = [`${folder}/log.json`, `${folder}/log.json-wal`];
    for (const pattern of ["log.json", "hard.json", "*.ndjson", "../own/log.json", "[log.json"]) {
      if (pattern.startsWith("[")) await Deno.rename(`${folder}/log.json`, `${folder}/[log.json`);
      const places = pattern.startsWith("[") ? [`${folder}/[log.json`] : open;
      const error = await assertRejects(
        () => findRecordings([`${folder}/train.json`, `${folder}/${pattern}`], places),
        UsageError,
      );
      const found = pattern === "*.ndjson" ? "hard.ndjson" : pattern;
      assertEquals(error.faults, [
        `Cannot replay "${folder}/${found}": found the broker's own file, expected a recording`,
      ]);
    }
    assertEquals(await findRecordings([`${folder}/t*.json`], open), [`${folder}/train.json`]);
  },
});
