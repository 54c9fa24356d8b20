import { assert, assertEquals, assertMatch } from "@std/assert";
import { resetSync } from "@logtape/logtape";
import { LiveLine } from "../../lib/cli/live_line.ts";
import { configureLogs } from "../../lib/cli/logs.ts";
import { Progress } from "../../lib/cli/progress.ts";

const CLEAR = "\r\x1b[K";

function openTerminal(part: { readonly isTerminal?: boolean; readonly columns?: number } = {}) {
  const written: string[] = [];
  const line = new LiveLine({ isTerminal: true, write: (text) => void written.push(text), ...part });
  return { line, written };
}

Deno.test({
  name: "on a terminal the live line is overwritten, and whole lines go above it",
  permissions: "none",
  fn() {
    const { line, written } = openTerminal();
    line.writeAbove("log 1\n");
    line.show("one");
    line.writeAbove("log 2\n");
    line[Symbol.dispose]();
    line.writeAbove("log 3\n");
    line[Symbol.dispose]();
    assertEquals(written, ["log 1\n", `${CLEAR}one`, `${CLEAR}log 2\none`, CLEAR, "log 3\n"]);
  },
});

Deno.test({
  name: "the live line never reaches the last column, where terminals would wrap it",
  permissions: "none",
  fn() {
    const { line, written } = openTerminal({ columns: 10 });
    line.show("0123456789abc");
    assertEquals(written, [`${CLEAR}012345678`]);
  },
});

Deno.test({
  name: "where there is no terminal nothing is shown and lines go through as they are",
  permissions: "none",
  fn() {
    const { line, written } = openTerminal({ isTerminal: false });
    line.show("one");
    line.writeAbove("log\n");
    line[Symbol.dispose]();
    assertEquals(written, ["log\n"]);
  },
});

Deno.test({
  name: "progress shows batches, sums, speed and what is left",
  permissions: "none",
  fn() {
    const { line, written } = openTerminal({ columns: 200 });
    let clock = 1000;
    const progress = new Progress({ name: "process", line, monotonic: () => clock });
    progress.batchDone({ messages: 1, rows: 40, lag: 1n });
    clock = 3000;
    progress.batchDone({ messages: 638, rows: 26_736, lag: 12_780n });
    assertEquals(written, [
      `${CLEAR}process: 1 batch, 1 message, 40 rows, 1 offset left`,
      `${CLEAR}process: 2 batches, 639 messages, 26,776 rows, 13,388 rows/s, 12,780 offsets left`,
    ]);
  },
});

Deno.test({
  name: "where there is no terminal each batch is one log line",
  permissions: "none",
  fn() {
    const { line, written } = openTerminal({ isTerminal: false });
    configureLogs({ format: "human", level: "info", colour: false, write: (text) => line.writeAbove(text) });
    let clock = 0;
    const progress = new Progress({ name: "process", line, monotonic: () => clock });
    clock = 500;
    progress.batchDone({ messages: 2, rows: 3 });
    progress.batchDone({ messages: 1, rows: 1, lag: 0n });
    resetSync();
    assert(written.every((text) => text.endsWith("\n")));
    assertMatch(
      written[0] ?? "",
      / process: batch 1: 2 messages, 3 rows; in all 2 messages, 3 rows, 6 rows\/s\n$/,
    );
    assertMatch(
      written[1] ?? "",
      / batch 2: 1 message, 1 row; in all 3 messages, 4 rows, 8 rows\/s, 0 offsets left\n/,
    );
  },
});

Deno.test({
  name: "what is being done is said at once on a terminal, and elsewhere only to who debugs",
  permissions: "none",
  fn() {
    const { line, written } = openTerminal();
    new Progress({ name: "process", line, monotonic: () => 0 }).doing("3 offsets waiting");
    assertEquals(written, [`${CLEAR}process: 3 offsets waiting`]);
    for (const [level, lines] of [["info", 0], ["debug", 1]] as const) {
      const logged: string[] = [];
      configureLogs({ format: "human", level, colour: false, write: (text) => void logged.push(text) });
      const quiet = openTerminal({ isTerminal: false });
      new Progress({ name: "process", line: quiet.line, monotonic: () => 0 }).doing("3 offsets waiting");
      assertEquals([quiet.written, logged.length], [[], lines]);
      resetSync();
    }
  },
});
