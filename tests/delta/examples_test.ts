/** What `deno doc` says of the public functions: each shows how it is used; `tests/examples_test.ts` runs it. */
import { assert, assertEquals } from "@std/assert";

const ROOT = new URL("../../", import.meta.url).pathname;
const PUBLIC = ["lib/delta/mod.ts", "lib/broker/open_broker.ts"];

/** What is read of `deno doc --json`. */
interface Documented {
  readonly name: string;
  readonly declarations: readonly {
    readonly kind: string;
    readonly jsDoc?: { readonly tags?: readonly { readonly kind: string }[] };
  }[];
}

async function symbolsOf(path: string): Promise<readonly Documented[]> {
  const command = new Deno.Command(Deno.execPath(), {
    args: ["doc", "--json", path],
    cwd: ROOT,
    stderr: "null",
  });
  const { nodes } = JSON.parse(new TextDecoder().decode((await command.output()).stdout));
  return Object.values<{ readonly symbols: readonly Documented[] }>(nodes).flatMap(({ symbols }) => symbols);
}

for (const path of PUBLIC) {
  Deno.test(`every function that ${path} exports shows how it is used`, async () => {
    const functions = (await symbolsOf(path)).flatMap(({ name, declarations }) =>
      declarations.filter(({ kind }) => kind === "function").map(({ jsDoc }) => ({ name, jsDoc }))
    );
    assert(functions.length > 0);
    const silent = functions.filter(({ jsDoc }) =>
      jsDoc?.tags?.some(({ kind }) => kind === "example") !== true
    );
    assertEquals(silent.map(({ name }) => name), []);
  });
}
