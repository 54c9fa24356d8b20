import { assertEquals } from "@std/assert";
import { closestName } from "../../lib/text/closest_name.ts";

const FLAGS = ["--data-dir", "--topic", "--partitions", "--json"];

/** What was typed and what was meant. */
const TYPED: readonly [string, string | undefined][] = [
  ["--datadir", "--data-dir"],
  ["--tpoic", "--topic"],
  ["--partition", "--partitions"],
  ["--jsno", "--json"],
  ["--topic", "--topic"],
  ["--TOPCI", "--topic"],
  ["--partition-s", "--partitions"],
  ["--quite-another", undefined],
  ["--x", undefined],
  ["", undefined],
];

for (const [typed, meant] of TYPED) {
  Deno.test({
    name: `the closest name to "${typed}" is ${meant ?? "none"}`,
    permissions: "none",
    fn: () => assertEquals(closestName(typed, FLAGS), meant),
  });
}
