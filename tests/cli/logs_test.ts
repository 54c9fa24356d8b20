import { assert, assertEquals, assertFalse, assertMatch, assertStringIncludes } from "@std/assert";
import { getLogger, resetSync } from "@logtape/logtape";
import type { LogConfig } from "../../lib/cli/config.ts";
import { configureLogs } from "../../lib/cli/logs.ts";

interface LinesOptions extends Partial<LogConfig> {
  readonly colour?: boolean;
}

/** The lines that come out while `log` runs. */
function linesOf(
  log: () => void,
  { format = "human", level = "info", colour = false }: LinesOptions = {},
): string[] {
  let text = "";
  configureLogs({ format, level, colour, write: (line) => text += line });
  log();
  resetSync();
  assert(text === "" || text.endsWith("\n"));
  return text.split("\n").slice(0, -1);
}

const logger = getLogger(["ratalake", "fetch", "api"]);

Deno.test({
  name: "a human line has time, level, area and text",
  permissions: "none",
  fn() {
    const lines = linesOf(() => logger.info("fetched {count} trains", { count: 639 }));
    assertEquals(lines.length, 1);
    assertMatch(lines.join(), /^\d\d:\d\d:\d\dZ info {4}fetch\.api: fetched 639 trains$/);
  },
});

Deno.test({
  name: "only the level that was asked for and those above it are shown",
  permissions: "none",
  fn() {
    const log = () => {
      logger.debug("1");
      logger.info("2");
      logger.warn("3");
      logger.error("4");
    };
    for (const [level, shown] of [["debug", 4], ["info", 3], ["warning", 2], ["error", 1]] as const) {
      assertEquals(linesOf(log, { level }).length, shown);
    }
  },
});

Deno.test({
  name: "colours come only when asked for",
  permissions: "none",
  fn() {
    const log = () => logger.error("red");
    assertFalse(linesOf(log).join().includes("\x1b"));
    assertStringIncludes(linesOf(log, { colour: true }).join(), "\x1b[31merror  \x1b[39m");
  },
});

Deno.test({
  name: "a JSON line is one object, with the properties that JSON cannot write by itself",
  permissions: "none",
  fn() {
    const error = new Error("refused", { cause: new Error("port closed") });
    const lines = linesOf(() => logger.warn("offset {offset}: {error}", { offset: 5n, error }), {
      format: "json",
    });
    const { time, ...line } = JSON.parse(lines.join("\n"));
    assertMatch(time, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    assertEquals(line, {
      level: "warning",
      area: "fetch.api",
      message: "offset 5: refused",
      properties: {
        offset: "5",
        error: { name: "Error", message: "refused", cause: { name: "Error", message: "port closed" } },
      },
    });
  },
});

Deno.test({
  name: "a logged text from outside stays one line and cannot steer the terminal",
  permissions: "none",
  fn() {
    const log = () => logger.info("name {name}", { name: "x\n12:00:00Z error forged\x1b[2J" });
    for (const format of ["human", "json"] as const) {
      const lines = linesOf(log, { format });
      assertEquals(lines.length, 1);
      assertFalse(lines.join().includes("\x1b"));
    }
  },
});

Deno.test({
  name: "configuring again replaces the place where lines go",
  permissions: "none",
  fn() {
    const first = linesOf(() => logger.info("a"));
    const second = linesOf(() => logger.info("b"));
    assertEquals([first.length, second.length], [1, 1]);
  },
});
