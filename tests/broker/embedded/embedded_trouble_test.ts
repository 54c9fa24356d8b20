import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { DatabaseSync } from "node:sqlite";

import { openEmbeddedBroker } from "../../../lib/broker/embedded/embedded_broker.ts";
import { BrokerError } from "../../../lib/errors.ts";

const clock = () => 1_739_766_060_000;
const CONFIG = new URL("../../../deno.json", import.meta.url).pathname;
const PROCESS = new URL("./publish_process.ts", import.meta.url).pathname;

Deno.test("a file that is no SQLite file is refused, untouched, with what to do", async () => {
  await inFolder(async (folder) => {
    const path = `${folder}/broker.db`;
    await Deno.writeTextFile(path, "not a database\n".repeat(1000));
    const failure = await assertRejects(() => openEmbeddedBroker({ path, clock }), BrokerError);
    assertStringIncludes(failure.message, `"${path}": it is damaged or not a SQLite file`);
    assertStringIncludes(failure.message, "move it away");
    assert((await Deno.readTextFile(path)).startsWith("not a database"));
  });
});

Deno.test("a folder in the place of the file is refused", async () => {
  await inFolder(async (folder) => {
    await assertRejects(() => openEmbeddedBroker({ path: folder, clock }), BrokerError, "it is a folder");
  });
});

Deno.test("a file in the place of the folder is refused", async () => {
  await inFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/file`, "");
    const path = `${folder}/file/broker.db`;
    await assertRejects(() => openEmbeddedBroker({ path, clock }), BrokerError, path);
  });
});

Deno.test("another program's SQLite file is refused, untouched", async () => {
  await inFolder(async (folder) => {
    const path = `${folder}/other.db`;
    using other = new DatabaseSync(path);
    other.exec("CREATE TABLE notes (text TEXT)");
    await assertRejects(
      () => openEmbeddedBroker({ path, clock }),
      BrokerError,
      "it belongs to another program",
    );
    assertEquals(other.prepare("SELECT name FROM sqlite_schema").all().length, 1);
  });
});

Deno.test("a file that a newer Ratalake wrote is refused with both versions", async () => {
  await inFolder(async (folder) => {
    const path = `${folder}/broker.db`;
    await (await openEmbeddedBroker({ path, clock }))[Symbol.asyncDispose]();
    const database = new DatabaseSync(path);
    database.exec("PRAGMA user_version = 9");
    database.close();
    const failure = await assertRejects(() => openEmbeddedBroker({ path, clock }), BrokerError);
    assertStringIncludes(failure.message, "it has version 9, expected version 1; use a newer Ratalake");
  });
});

Deno.test("damage in the middle of the file is an error that names the file, never wrong messages", async () => {
  await inFolder(async (folder) => {
    const path = `${folder}/broker.db`;
    await publishTen(path);
    using file = await Deno.open(path, { read: true, write: true });
    const { size } = await file.stat();
    await file.seek(size - 64 * 1024 * 3, Deno.SeekMode.Start);
    await file.write(new Uint8Array(64 * 1024 * 3).fill(0xee));
    await using broker = await openEmbeddedBroker({ path, clock });
    const read = () => Array.fromAsync(broker.read("t", [{ partition: 0, from: 0n, to: 10n }]));
    const failure = await assertRejects(read, BrokerError);
    assertStringIncludes(failure.message, `"${path}": it is damaged`);
  });
});

Deno.test("a folder that is missing is made", async () => {
  await inFolder(async (folder) => {
    const path = `${folder}/a/b/broker.db`;
    await publishTen(path);
    assert((await Deno.stat(path)).isFile);
  });
});

Deno.test("calls after closing reject with the file's name", async () => {
  await inFolder(async (folder) => {
    const path = `${folder}/broker.db`;
    const broker = await openEmbeddedBroker({ path, clock });
    await broker[Symbol.asyncDispose]();
    await broker[Symbol.asyncDispose]();
    await assertRejects(() => broker.topicOffsets("t"), BrokerError, path);
    await assertRejects(() => broker.publish("t", []), BrokerError, path);
  });
});

Deno.test("opening needs no rights but those to the folder, and says which one is missing", async () => {
  await inFolder(async (folder) => {
    const { code, stderr } = await run([
      "run",
      "--quiet",
      "--config",
      CONFIG,
      PROCESS,
      `${folder}/broker.db`,
      "x",
      "1",
    ]);
    assertEquals(code, 1);
    assertStringIncludes(stderr, "BrokerError");
    assertStringIncludes(stderr, "--allow-read");
  });
});

// A small file system of its own, in a name space of its own: only where the kernel lets us make one.
const noMounts = await whyNoMounts();
if (noMounts !== undefined) console.log(`Skipping the tests of full and read-only disks: ${noMounts}`);

Deno.test({
  name: "a full disk rejects the publish, keeps none of it, and the file stays whole",
  ignore: noMounts !== undefined,
  fn: async () => {
    await inFolder(async (folder) => {
      const script =
        `mount -t tmpfs -o size=3m none "$1" && shift && "$@"; code=$?; cp "$FOLDER"/* "$SAVED"; exit $code`;
      const saved = await Deno.makeTempDir();
      const args = ["-m", "sh", "-c", script, "sh", folder, ...publisher(folder, ["100000"])];
      const { code, stdout, stderr } = await run(args, "unshare", { FOLDER: folder, SAVED: saved });
      assertEquals(code, 1);
      assertStringIncludes(stderr, "the disk is full and nothing of this call was kept");
      const acknowledged = stdout.trim().split("\n").length;
      await using broker = await openEmbeddedBroker({ path: `${saved}/broker.db`, clock });
      const offsets = await broker.topicOffsets("shared");
      assertEquals(offsets.reduce((sum, { end }) => sum + end, 0n), BigInt(3 * acknowledged));
      await Deno.remove(saved, { recursive: true });
    });
  },
});

Deno.test({
  name: "a read-only folder is refused with what to do",
  ignore: noMounts !== undefined,
  fn: async () => {
    await inFolder(async (folder) => {
      await publishTen(`${folder}/broker.db`);
      const script = `mount --bind "$1" "$1" && mount -o remount,ro,bind "$1" && shift && "$@"`;
      const { code, stderr } = await run([
        "-m",
        "sh",
        "-c",
        script,
        "sh",
        folder,
        ...publisher(folder, ["1"]),
      ], "unshare");
      assertEquals(code, 1);
      assertStringIncludes(stderr, `"${folder}/broker.db"`);
      assertStringIncludes(stderr, "expected a file and folder that this user may");
    });
  },
});

function publisher(folder: string, args: readonly string[]): readonly string[] {
  const rights = [`--allow-read=${folder}`, `--allow-write=${folder}`];
  const script = [PROCESS, `${folder}/broker.db`, "full", ...args, "20000"];
  return [Deno.execPath(), "run", "--quiet", "--config", CONFIG, ...rights, ...script];
}

async function publishTen(path: string): Promise<void> {
  await using broker = await openEmbeddedBroker({ path, clock });
  await broker.ensureTopic("t", 1);
  const value = new Uint8Array(60_000).fill(120);
  await broker.publish("t", Array.from({ length: 10 }, () => ({ key: "k", value, headers: {} })));
}

async function whyNoMounts(): Promise<string | undefined> {
  if (Deno.build.os !== "linux") return `${Deno.build.os} has no name spaces`;
  try {
    const { code, stderr } = await run(["-m", "mount", "-t", "tmpfs", "none", "/mnt"], "unshare");
    return code === 0 ? undefined : stderr.trim();
  } catch (cause) {
    return String(cause);
  }
}

async function run(args: readonly string[], command = Deno.execPath(), env: Record<string, string> = {}) {
  const process = new Deno.Command(command, {
    args: [...args],
    env: { ...env, NO_COLOR: "1" },
    stdin: "null",
  });
  const { code, stdout, stderr } = await process.output();
  const text = new TextDecoder();
  return { code, stdout: text.decode(stdout), stderr: text.decode(stderr) };
}

async function inFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await work(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
