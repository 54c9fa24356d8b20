import { assertEquals, assertRejects } from "@std/assert";
import { updatePublishState } from "../../lib/digitraffic/publish_state.ts";
import { replaceFile } from "../../lib/digitraffic/replace_file.ts";

async function withFolder(use: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await use(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

const namesIn = (folder: string) => [...Deno.readDirSync(folder)].map(({ name }) => name).sort();
const RIGHTS = { read: true, write: true } as const;

Deno.test({
  name: "what a killed fetch left is used up by the next one, and what versions before left is removed",
  permissions: RIGHTS,
  fn: () =>
    withFolder(async (folder) => {
      await Deno.writeTextFile(
        `${folder}/state.json.tmp`,
        "half of a longer text than the new one".repeat(9),
      );
      await Deno.writeTextFile(`${folder}/.publish_state_c5a6ae315eaab5c3`, "half");
      await Deno.writeTextFile(`${folder}/.publish_state_mine`, "somebody's");
      await updatePublishState(`${folder}/state.json`, () => []);
      assertEquals(namesIn(folder), [".publish_state_mine", "state.json"]);
      assertEquals(JSON.parse(await Deno.readTextFile(`${folder}/state.json`)).logs, []);
    }),
});

Deno.test({
  name: "many that write at once leave one whole text, and nothing beside it",
  permissions: RIGHTS,
  fn: () =>
    withFolder(async (folder) => {
      const texts = Array.from({ length: 20 }, (_, n) => `${n}`.repeat(1 + n * 1000));
      await Promise.all(texts.map((text) => replaceFile(`${folder}/new/state.json`, text)));
      assertEquals(namesIn(`${folder}/new`), ["state.json"]);
      assertEquals(texts.includes(await Deno.readTextFile(`${folder}/new/state.json`)), true);
    }),
});

Deno.test({
  name: "a file that cannot be replaced stays, and nothing stays beside it",
  permissions: RIGHTS,
  fn: () =>
    withFolder(async (folder) => {
      await Deno.mkdir(`${folder}/state.json/sub`, { recursive: true });
      await assertRejects(() => replaceFile(`${folder}/state.json`, "text"));
      assertEquals(namesIn(folder), ["state.json"]);
    }),
});

Deno.test({
  name: "the mode of the file is what the umask says, as for every other file of a lake",
  permissions: RIGHTS,
  ignore: Deno.build.os === "windows",
  fn: () =>
    withFolder(async (folder) => {
      await Deno.writeTextFile(`${folder}/usual`, "");
      await replaceFile(`${folder}/state.json`, "text");
      const modeOf = async (name: string) => (await Deno.stat(`${folder}/${name}`)).mode;
      assertEquals(await modeOf("state.json"), await modeOf("usual"));
    }),
});
