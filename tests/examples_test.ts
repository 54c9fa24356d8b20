/**
 * The examples in comments and in READMEs of lib/, as `deno test --doc` runs them, but all in this isolate: one of its
 * own for each would load the library fifty times. CI runs them as `deno test --doc` too.
 * Names of their own file they import, as a reader has to.
 */
import { assert } from "@std/assert";

const ROOT = new URL("../", import.meta.url);
const FENCE = /^([ \t]*(?:\* )?)```ts\n([\s\S]*?)^[ \t]*(?:\* )?```$/gm;
const RELATIVE = /(\bfrom\s+|\bimport\s*\(?\s*)"(\.[^"]*)"/g;

/** One block of code, and where it stands. */
interface Example {
  readonly place: string;
  readonly code: string;
}

function readExamples(folder: string): readonly Example[] {
  return Deno.readDirSync(new URL(folder, ROOT)).toArray().flatMap(({ name, isDirectory }) => {
    const path = `${folder}${name}`;
    if (isDirectory) return readExamples(`${path}/`);
    return /\.(?:ts|md)$/.test(name) ? examplesIn(path, Deno.readTextFileSync(new URL(path, ROOT))) : [];
  });
}

function examplesIn(path: string, text: string): readonly Example[] {
  return [...text.matchAll(FENCE)].map(({ 2: block = "", index }) => ({
    place: `${path}:${text.slice(0, index).split("\n").length}`,
    code: block.replace(/^[ \t]*\*(?: |$)/gm, ""),
  }));
}

/** Runs the block as a module that lies beside its file. */
async function run({ place, code }: Example): Promise<void> {
  const absolute = code.replace(
    RELATIVE,
    (_, before: string, path: string) =>
      `${before}${JSON.stringify(new URL(path, new URL(place, ROOT)).href)}`,
  );
  await import(`data:application/typescript,${encodeURIComponent(`export {};\n${absolute}`)}`);
}

const EXAMPLES = readExamples("lib/");

for (const example of EXAMPLES) Deno.test(`the example at ${example.place} runs`, () => run(example));

Deno.test("the examples are found", () => {
  assert(EXAMPLES.length >= 50, `${EXAMPLES.length} examples`);
});
