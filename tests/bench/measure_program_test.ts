/** Whole processes are measured, not the one that measures. */

import { assert, assertEquals, assertRejects } from "@std/assert";
import { measureProgram, readTimes } from "./measure_program.ts";

Deno.test("wall and CPU seconds are read from the last words, whatever the decimal sign", () => {
  assertEquals(readTimes("0.335 0.250 0.125\n"), { seconds: 0.335, cpuSeconds: 0.375 });
  assertEquals(readTimes("bash: warning\n1,500 0,250 0,125"), { seconds: 1.5, cpuSeconds: 0.375 });
});

Deno.test("the peak of a small program is its own, however large the process that starts it", async () => {
  const { peakBytes, stdout, seconds } = await measureProgram({ command: "echo", args: ["two", "words"] });
  assertEquals(stdout, "two words\n");
  assert(seconds >= 0);
  // Without GNU time there is none.
  assert(peakBytes === null || peakBytes < Deno.memoryUsage().rss / 2, `${peakBytes} bytes`);
});

Deno.test("a program that ends otherwise than expected is an error with what it said", async () => {
  const program = { command: "sh", args: ["-c", "echo no such train >&2; exit 3"] };
  await assertRejects(() => measureProgram(program), Error, "it ended with 3: no such train");
  assertEquals((await measureProgram(program, [0, 3])).stdout, "");
});
