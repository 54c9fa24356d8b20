/** A binary holds what its script needs, and nothing that only tests need. */
import { assert, assertEquals } from "@std/assert";
import { compileArguments, TEST_PACKAGES } from "../../../lib/cli/rights/compile_arguments.ts";
import { withoutComments } from "../../architecture/read_imports.ts";

const ROOT = new URL("../../../", import.meta.url);

interface Lock {
  readonly npm: Readonly<Record<string, { readonly dependencies?: readonly string[] }>>;
}

/** The packages, and all that they need. */
function withTheirs(names: readonly string[], { npm }: Lock): ReadonlySet<string> {
  const needs = new Map(
    Object.entries(npm).map(([id, { dependencies = [] }]) => [nameOf(id), dependencies.map(nameOf)]),
  );
  const found = new Set(names);
  for (const name of found) for (const need of needs.get(name) ?? []) found.add(need);
  return found;
}

function nameOf(id: string): string {
  const version = id.indexOf("@", 1);
  return version === -1 ? id : id.slice(0, version);
}

/** The code of all files in the folder, but for the list itself. */
function codeIn(folder: URL): readonly string[] {
  return [...Deno.readDirSync(folder)].flatMap(({ name, isDirectory }) => {
    const path = new URL(isDirectory ? `${name}/` : name, folder);
    if (isDirectory) return codeIn(path);
    const isCode = name.endsWith(".ts") && name !== "compile_arguments.ts";
    return isCode ? [withoutComments(Deno.readTextFileSync(path))] : [];
  });
}

Deno.test({
  name: "the packages that are left out are those that only tests import, with what only these need",
  permissions: { read: [ROOT] },
  fn() {
    const { imports } = JSON.parse(Deno.readTextFileSync(new URL("deno.json", ROOT)));
    const lock: Lock = JSON.parse(Deno.readTextFileSync(new URL("deno.lock", ROOT)));
    const code = [...codeIn(new URL("lib/", ROOT)), ...codeIn(new URL("scripts/", ROOT))].join("\n");
    const packages = Object.entries<string>(imports).filter(([, to]) => to.startsWith("npm:")).map(([name]) =>
      name
    );
    const isUsed = (name: string) => code.includes(`"${name}"`) || code.includes(`"${name}/`);
    const used = withTheirs(packages.filter(isUsed), lock);
    const others = withTheirs(packages.filter((name) => !isUsed(name)), lock);
    assert(used.has("zod") && used.has("d3-shape") && used.has("hyparquet") && used.has("nodejs-polars"));
    assertEquals([...others].filter((name) => !used.has(name)).sort(), [...TEST_PACKAGES].sort());
  },
});

Deno.test("a package that is left out takes its links with it, since a link would bring it in again", () => {
  const packages = ["axe-core@4.14.1", "@types+node@1.2.3", "yaml@2.8.2", "js-yaml@5.5.0"];
  const rights = { read: [], write: [], net: [] };
  const words = compileArguments("report", { rights, isNative: true, packages });
  assertEquals(words.filter((_, at) => words[at - 1] === "--exclude"), [
    "node_modules/.deno/axe-core@4.14.1/node_modules/axe-core",
    "node_modules/.deno/node_modules/axe-core",
    "node_modules/axe-core",
    "node_modules/.deno/yaml@2.8.2/node_modules/yaml",
    "node_modules/.deno/node_modules/yaml",
    "node_modules/yaml",
  ]);
});
