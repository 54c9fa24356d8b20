/** What scripts print for people fits the terminal: a line that goes out as it is would be broken in the middle of a word. */
import { assert, assertEquals } from "@std/assert";

const WORK = new URL("../../scripts/work/", import.meta.url);

Deno.test({
  name: "a result that has JSON beside it is folded for people, or drawn as a page",
  permissions: { read: [WORK] },
  fn() {
    const results = filesIn(WORK).flatMap(({ name, url }) => {
      const source = Deno.readTextFileSync(url);
      return [...source.matchAll(/print\(\s*flags\.json\s*\?[^:]*(?:\{[^}]*\}[^:]*)?:\s*(\w+)\(/g)]
        .map(([, how = ""]) => ({ name, how }));
    });
    assert(results.length > 4, `${results.length} results`);
    assertEquals(results.filter(({ how }) => how !== "forPeople" && !how.startsWith("render")), []);
  },
});

function filesIn(folder: URL): readonly { readonly name: string; readonly url: URL }[] {
  return [...Deno.readDirSync(folder)].flatMap(({ name, isDirectory }) =>
    isDirectory ? filesIn(new URL(`${name}/`, folder)) : [{ name, url: new URL(name, folder) }]
  );
}
