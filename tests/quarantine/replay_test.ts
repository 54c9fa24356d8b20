import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { UsageError } from "../../lib/errors.ts";
import { makeLog, SOME_BAD_MESSAGES } from "../pipeline/made_up_log.ts";
import { brokerWith, memoryFolder } from "../pipeline/process_rig.ts";
import { processStrictly } from "../pipeline/strict_process.ts";
import { readContent } from "../pipeline/table_content.ts";
import { runVerb } from "./quarantine_rig.ts";

Deno.test("replay asks first, changes nothing without a yes, and says what became of the messages", async () => {
  await using broker = await brokerWith(makeLog({ trains: 3 }), 2);
  const folder = memoryFolder();
  await processStrictly(broker, folder, ({ offset }) => offset < 3n ? "out_of_range" : undefined);
  const before = await readContent(folder);
  const bad = SOME_BAD_MESSAGES.length;
  const wrong = before.quarantine.length - bad;
  const asked: string[] = [];
  const answer = (yes: boolean) => (question: string) => asked.push(question) > 0 && yes;
  const dry = `${wrong} of ${wrong + bad} messages would be accepted now, ${bad} still be rejected`;
  assertEquals((await runVerb(folder, ["replay"], { dryRun: true })).text, dry);
  assertEquals(
    (await runVerb(folder, ["replay"], { confirm: answer(false) })).text,
    `${dry}\nNothing was changed`,
  );
  await assertRejects(() => runVerb(folder, ["replay"]), UsageError, "expected --yes or --dry-run");
  await assertRejects(
    () => runVerb(folder, ["replay"], { yes: true, dryRun: true }),
    UsageError,
    "one of them",
  );
  assertEquals([await readContent(folder), asked.length], [before, 1]);
  const { text } = await runVerb(folder, ["replay"], { confirm: answer(true) });
  assertStringIncludes(text, `${wrong} of ${wrong + bad} messages left quarantine: `);
  assertStringIncludes(text, `; ${bad} still rejected`);
  const { quarantine, wrong: unequal } = await readContent(folder);
  assertEquals([quarantine.length, unequal, asked.length], [bad, [], 2]);
  assertEquals(
    (await runVerb(folder, ["replay"], { yes: true })).text,
    `All ${bad} messages are still rejected`,
  );
  const none = await runVerb(folder, ["replay"], { yes: true, reason: ["out_of_range"] });
  assertEquals(none.text, "There is no such message in quarantine");
});
