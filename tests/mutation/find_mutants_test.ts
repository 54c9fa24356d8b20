import { assertEquals } from "@std/assert";
import { applyMutant, findMutants } from "./find_mutants.ts";
import { maskCode } from "./mask_code.ts";

Deno.test("comments, strings, templates and regular expressions are no code", () => {
  const text = 'a < b; // < \n\'<\' + "\\"<" + `<${x < `}`}<` / 2; y = /[/<]</.test(z) /* < */;';
  assertEquals(maskCode(text).length, text.length);
  assertEquals(maskCode(text).match(/</g)?.length, 1);
  assertEquals(maskCode(text).includes("/ 2"), true);
});

Deno.test("each kind of mistake is found once, types and logs are left alone", () => {
  const text = `import { a } from "b < c";
interface Row { readonly a: Map<string, number> | null; }
function f(a: number): boolean {
  log.debug("a < b");
  if (a >= 3 && g(a)) return true;
  await this.#save(a);
  return a - 1 < 2;
}
`;
  const changes = findMutants(text).map(({ line, change }) => `${line}: ${change}`);
  assertEquals(changes, [
    "5: if never holds",
    "5: >= became >",
    "5: && became ||",
    "5: true became false",
    "6: dropped await this.#save(a);",
    "7: - became +",
    "7: < became <=",
  ]);
  const [, second] = findMutants(text);
  assertEquals(second && applyMutant(text, second).includes("if (a > 3 && g(a))"), true);
});

Deno.test("a guard is taken whole, so that it never holds whatever it asks", () => {
  const text = 'if (a(")") || b) c = 1;\n';
  assertEquals(mutantsOf(text, "if never holds"), ["if (false) c = 1;\n"]);
});

Deno.test("only a statement is dropped, or the end of a chain; the rest of an expression stays", () => {
  const text = `function f() {
  // Why.
  save(a);
  const b = isReady &&
    check(a);
  return list
    .sort(byName);
}
`;
  assertEquals(mutantsOf(text, "dropped"), [
    text.replace("  save(a);", ""),
    text.replace("    .sort(byName);", ";"),
  ]);
});

Deno.test("types over several lines are left alone, and what stands behind them is found", () => {
  const text = `type Outcome =
  | { readonly ok: true }
  | {
    ok: false;
    reason: string;
  };
interface Rows {
  hasRows: true;
  take(count: number): void;
}
export function f(
  a: Map<string, { ok: true }>,
  b: { isFresh: false } & Outcome,
): { found: true; rows: number } | { found: false } {
  put<Map<string, true>>(a, b.isFresh);
  return { found: true, rows: a.size } as const satisfies { found: true; rows: number };
}
`;
  const changes = findMutants(text).map(({ line, change }) => `${line}: ${change.replace(/ +/g, " ")}`);
  assertEquals(changes, ["15: dropped put (a, b.isFresh);", "16: true became false"]);
  assertEquals(mutantsOf(text, "dropped"), [text.replace("  put<Map<string, true>>(a, b.isFresh);", "")]);
});

Deno.test("a condition of log lines alone is left alone; one that decides about more is not", () => {
  const text = `function f(a: number) {
  if (a > 1) log.info("a; }", { a, b: true });
  if (a > 2) {
    logger[level](text(a));
    log.warn\`many\`;
  }
  if (a > 3) {
    log.info("b");
    a = 0;
  }
  if (a === 4) return;
  const b = () => {
    if (a === 5) return;
    log.info("c", {
      a,
    });
  };
  if (a === 6) throw b;
}
`;
  const lines = findMutants(text).filter(({ change }) => change === "if never holds").map(({ line }) => line);
  assertEquals(lines, [7, 11, 18]);
  assertEquals(findMutants(text).some(({ change, line }) => change.includes("became") && line < 7), false);
});

function mutantsOf(text: string, change: string): readonly string[] {
  return findMutants(text).filter((mutant) => mutant.change.startsWith(change))
    .map((mutant) => applyMutant(text, mutant));
}
