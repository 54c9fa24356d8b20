/** What the host finds out about the process; `tests/cli/run_script_test.ts` runs whole scripts. */
import { assertEquals } from "@std/assert";
import { canPaint } from "../../scripts/host/run_script.ts";
import { memoryEnvironment } from "../../scripts/host/memory_environment.ts";

Deno.test({
  name: "only a terminal that is not dumb gets colours and a live line",
  permissions: { env: ["TERM"] },
  fn() {
    const before = Deno.env.get("TERM");
    const terminal = { isTerminal: () => true };
    try {
      Deno.env.set("TERM", "dumb");
      assertEquals(canPaint(terminal), false);
      Deno.env.set("TERM", "xterm-256color");
      assertEquals(canPaint(terminal), !Deno.noColor);
      assertEquals(canPaint({ isTerminal: () => false }), false);
    } finally {
      if (before === undefined) Deno.env.delete("TERM");
      else Deno.env.set("TERM", before);
    }
  },
});

Deno.test({
  name: "without the right to the variable a terminal is taken as one with colours",
  permissions: "none",
  fn: () => assertEquals(canPaint({ isTerminal: () => true }), !Deno.noColor),
});

Deno.test({
  name: "memory is kept in two places, unless somebody has set how many",
  permissions: { env: ["MALLOC_ARENA_MAX"] },
  fn() {
    const before = Deno.env.get("MALLOC_ARENA_MAX");
    try {
      Deno.env.delete("MALLOC_ARENA_MAX");
      assertEquals(memoryEnvironment(), { MALLOC_ARENA_MAX: "2" });
      Deno.env.set("MALLOC_ARENA_MAX", "8");
      assertEquals(memoryEnvironment(), {});
    } finally {
      if (before === undefined) Deno.env.delete("MALLOC_ARENA_MAX");
      else Deno.env.set("MALLOC_ARENA_MAX", before);
    }
  },
});
