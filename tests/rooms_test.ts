/** No test is forgotten by `deno task test`, which is given rooms instead of the files with tests. */
import { assert, assertEquals } from "@std/assert";
import { roomOf, ROOMS, testFiles } from "./rooms/load_tests.ts";

const ROOT = new URL("../", import.meta.url);

Deno.test({
  name: "each room is run by the task, and holds tests",
  permissions: { read: [ROOT] },
  fn() {
    const { tasks } = JSON.parse(Deno.readTextFileSync(new URL("deno.json", ROOT)));
    assert(tasks.test.command.endsWith(" tests/rooms/*_room.ts"), tasks.test.command);
    const files = Deno.readDirSync(new URL("tests/rooms", ROOT)).map(({ name }) => name).toArray();
    const rooms = files.flatMap((name) => /^(.*)_room\.ts$/.exec(name)?.slice(1) ?? []).sort();
    assertEquals(rooms, Object.keys(ROOMS).sort());
    assertEquals([...new Set(testFiles("").map(roomOf))].sort(), Object.keys(ROOMS).sort());
  },
});

Deno.test({
  name: "what a room names is there, so that a file that moved does not make its room long",
  permissions: { read: [ROOT] },
  fn() {
    const files = testFiles("");
    for (const part of Object.values(ROOMS).flat().filter((path) => path !== "")) {
      assert(files.some((path) => path === part || path.startsWith(`${part}/`)), part);
    }
  },
});

Deno.test("a file is in the room with the longest path that leads to it", () => {
  assertEquals(
    ["delta/log/reader_test.ts", "delta/change/new_test.ts", "pipeline/kill_test.ts", "new/new_test.ts"].map(
      roomOf,
    ),
    ["delta", "delta_changes", "pipeline_crashes", "project"],
  );
});
