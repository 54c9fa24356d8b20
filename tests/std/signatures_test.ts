/**
 * Keeps the stand-ins in lib/std to the signatures that the originals document.
 *
 * testdata/signatures.json is that documentation written down by hand (its `made` says from where). A passing run
 * does not prove that the behaviour is the same (the other tests here are for that) nor that the originals still
 * document what they did.
 */
import * as assertModule from "@std/assert";
import * as cliModule from "@std/cli";
import { assertEquals } from "@std/assert";

interface Signature {
  readonly documented: string;
  readonly here?: string;
}

const STD = new URL("../../lib/std/", import.meta.url);
const TABLE = JSON.parse(Deno.readTextFileSync(new URL("testdata/signatures.json", import.meta.url)));
const PACKAGES = { assert: assertModule, cli: cliModule };

for (const [folder, module] of Object.entries(PACKAGES)) {
  const documented: Record<string, Signature[]> = TABLE[folder];

  Deno.test({
    name: `@std/${folder} exports what the table names and nothing else`,
    permissions: "none",
    fn: () => assertEquals(Object.keys(module).toSorted(), Object.keys(documented).toSorted()),
  });

  Deno.test({
    name:
      `the signatures of @std/${folder} are those of the original, word for word or as the table explains`,
    permissions: { read: [STD] },
    fn() {
      const found = Object.groupBy(declarations(new URL(`${folder}/`, STD)), (head) => nameOf(head));
      for (const [name, signatures] of Object.entries(documented)) {
        assertEquals(found[name], signatures.map(({ documented, here }) => here ?? documented));
      }
    },
  });

  Deno.test({
    name: `deno.json of @std/${folder} has the version that the project imports`,
    permissions: { read: [STD, new URL("../../deno.json", import.meta.url)] },
    fn() {
      const { name, version } = readJson(new URL(`${folder}/deno.json`, STD));
      const imported = readJson(new URL("../../deno.json", import.meta.url)).imports[`@std/${folder}`];
      assertEquals(imported, `jsr:${name}@${version}`);
    },
  });
}

function readJson(file: URL) {
  return JSON.parse(Deno.readTextFileSync(file));
}

/** Heads of all exported functions and classes of a folder. */
function declarations(folder: URL): string[] {
  return Deno.readDirSync(folder).filter(({ name }) => name.endsWith(".ts")).flatMap(({ name }) => {
    const source = Deno.readTextFileSync(new URL(name, folder));
    const heads = source.matchAll(/^export (?:async )?(function|class) /gm)
      .map((match) => head(source, match.index + match[0].length, match[1] === "class")).toArray();
    return withoutImplementations(heads);
  }).toArray();
}

/** Cuts a declaration where its body or its semicolon begins and writes it in the table's form. */
function head(source: string, start: number, isClass: boolean): string {
  let end = start;
  for (let depth = 0; depth > 0 || !/[{;]/.test(source.charAt(end)); end++) {
    if (source.charAt(end) === "(") depth++;
    if (source.charAt(end) === ")") depth--;
  }
  const text = source.slice(start, end).replace(/\s+/g, " ").trim()
    .replace(/([(<]) /g, "$1").replace(/,? ([)>])(?!=)/g, "$1").replaceAll(" =>", "=>").replaceAll(
      "=>",
      " =>",
    )
    .replace(/(\w+) = ""/g, "$1?: string").replace(/(\w+)(: \w+) = \{\}/g, "$1?$2");
  return isClass ? `class ${text}` : text;
}

function nameOf(head: string): string {
  return head.replace(/^class /, "").replace(/\W.*$/, "");
}

// The signature behind overloads is the implementation's and not seen by callers.
function withoutImplementations(heads: string[]): string[] {
  return heads.filter((head, at) =>
    heads.findLastIndex((other) => nameOf(other) === nameOf(head)) !== at ||
    heads.findIndex((other) => nameOf(other) === nameOf(head)) === at
  );
}
