/** The command line of the benchmark, and which lines it means. */

import { assertEquals, assertStringIncludes } from "@std/assert";
import { type BenchRequest, readRequest, USAGE } from "./bench_options.ts";
import { chooseLines } from "./choose_lines.ts";

const LINES = [
  { name: "639 trains", in: "quick" },
  { name: "12,780 trains" },
  { name: "63,900 trains", in: "full" },
  { name: "report", in: "quick" },
] as const;

function requestOf(...args: readonly string[]): BenchRequest {
  const request = readRequest(args);
  if (request === null || "faults" in request) throw new Error(JSON.stringify(request));
  return request;
}

function faultsOf(...args: readonly string[]): readonly string[] {
  const request = readRequest(args);
  return request !== null && "faults" in request ? request.faults : [];
}

function namesOf(...args: readonly string[]): readonly string[] {
  return chooseLines<{ readonly name: string; readonly in?: "quick" | "full" }>(LINES, requestOf(...args))
    .map(({ name }) => name);
}

Deno.test("without flags all but the fullest lines are measured five times beside the peer", () => {
  const { set, runs, withPeer, growth, markdown, profile, only, files } = requestOf();
  assertEquals([set, runs, withPeer], ["usual", 5, true]);
  assertEquals([growth, markdown, profile, only, files], [false, false, false, "", []]);
  assertEquals(namesOf(), ["639 trains", "12,780 trains", "report"]);
});

Deno.test("quick has fewer lines and runs, full has all lines", () => {
  assertEquals([requestOf("--quick").runs, requestOf("--quick", "--runs", "7").runs], [3, 7]);
  assertEquals(namesOf("--quick"), ["639 trains", "report"]);
  assertEquals(namesOf("--full"), LINES.map(({ name }) => name));
});

Deno.test("a name chooses among the lines of the set, and among all where the set has none of that name", () => {
  assertEquals(namesOf("--only", "trains"), ["639 trains", "12,780 trains"]);
  assertEquals(namesOf("--only", "63,900"), ["63,900 trains"]);
  assertEquals(namesOf("--quick", "--only=12,780"), ["12,780 trains"]);
});

Deno.test("the other flags are understood", () => {
  assertEquals(requestOf("--no-peer").withPeer, false);
  assertEquals([requestOf("--growth").growth, requestOf("--profile").profile], [true, true]);
  assertEquals(requestOf("--markdown", "a.json", "b.json").files, ["a.json", "b.json"]);
  assertEquals([readRequest(["--help"]), readRequest(["--quick", "--help"])], [null, null]);
});

Deno.test("what cannot be used is told with what is expected, all faults at once", () => {
  for (const runs of ["0", "101", "1.5", "-3", "many"]) {
    const expected = [`Cannot use --runs "${runs}": expected a whole number from 1 to 100`];
    assertEquals(faultsOf(`--runs=${runs}`), expected);
  }
  const [first = "", second = ""] = faultsOf("--quik", "--runs", "none");
  assertStringIncludes(first, 'Cannot use "--quik": no such flag, expected one of --quick, --full');
  assertStringIncludes(second, '--runs "none"');
  assertEquals(faultsOf("--only"), ["Cannot use --only: found no text, expected a part of a line's name"]);
  assertEquals(faultsOf("--quick", "--full"), ["Cannot use --quick and --full: expected one of the two"]);
  assertEquals(faultsOf("--growth", "--full"), ["Cannot use --growth and --full: expected one of the two"]);
  assertEquals(faultsOf("file.json").length, 1);
});

Deno.test("help names every flag that is understood", () => {
  const known = /expected one of (.+)$/.exec(faultsOf("--x")[0] ?? "")?.[1] ?? "";
  for (const flag of known.split(", ")) assertStringIncludes(USAGE, flag);
});
