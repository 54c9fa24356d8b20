import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { systemFault } from "../lib/errors.ts";

const HERE = new URL(import.meta.url).pathname;

Deno.test({
  name:
    "a missing file, a file in the place of a folder and a missing right are distinguished, from Deno and from node",
  permissions: { read: [HERE, `${HERE}.missing`] },
  async fn() {
    const faults = [
      await assertRejects(() => Deno.stat(`${HERE}.missing`)),
      await assertRejects(() => readFile(`${HERE}.missing`)),
      assertThrows(() => readFileSync(`${HERE}.missing`)),
      await assertRejects(() => Array.fromAsync(Deno.readDir(HERE))),
      await assertRejects(() => Deno.readTextFile("/elsewhere")),
      assertThrows(() => readFileSync("/elsewhere")),
    ].map(systemFault);
    assertEquals(faults, [
      "not found",
      "not found",
      "not found",
      "no folder",
      "missing right",
      "missing right",
    ]);
  },
});

Deno.test({
  name: "other errors, and what is no error, are no fault of the system",
  permissions: "none",
  fn() {
    const others = [
      new Error("ENOENT"),
      new Deno.errors.AlreadyExists(),
      { code: "ENOENT" },
      "NotCapable",
      null,
    ];
    assertEquals(others.map(systemFault), [null, null, null, null, null]);
  },
});
