/** The report starts in a few hundredths of a second because it loads no more than it needs: this holds it to that. */
import { assert, assertEquals } from "@std/assert";
import { readImports } from "./read_imports.ts";

const ROOT = new URL("../../", import.meta.url);
/** What writes tables, draws pages, reads YAML or fetches. */
const NOT_AT_START = [
  "lib/charts/",
  "lib/delta/mod.ts",
  "lib/delta/change/",
  "lib/delta/maintain/",
  "lib/delta/read/file_reader.ts",
  "lib/packages/d3.ts",
  "lib/packages/hyparquet_writer.ts",
  "lib/packages/js_yaml.ts",
  "lib/quality/read_policy.ts",
  "lib/report/html/",
  "lib/report/report_schema.ts",
  "lib/tables/lake.ts",
];

/** Files that are loaded before the script has done anything: what is imported later is left out. */
function loadedAtStart(...entries: readonly string[]): readonly string[] {
  const loaded = new Set(entries);
  for (const path of loaded) {
    const source = Deno.readTextFileSync(new URL(path, ROOT)).replaceAll(/\bimport\(/g, "later(");
    for (const { kind, to } of readImports(path, source)) {
      if (kind === "value" && /^(?:lib|scripts)\/.*\.ts$/.test(to)) loaded.add(to);
    }
  }
  return [...loaded];
}

Deno.test({
  name: "a report loads nothing that writes, and no renderer but its own",
  permissions: { read: [ROOT] },
  fn() {
    const loaded = loadedAtStart("scripts/work/report.ts");
    assert(loaded.includes("lib/delta/table/table.ts") && loaded.includes("lib/report/render_text.ts"));
    const wrong = loaded.filter((path) => NOT_AT_START.some((part) => path.startsWith(part)));
    assertEquals(wrong, []);
    assert(loaded.length < 210, `${loaded.length} files`);
  },
});

Deno.test({
  name: "asking the embedded log what waits, as a report does, loads nothing that writes tables either",
  permissions: { read: [ROOT] },
  fn() {
    const loaded = loadedAtStart("lib/pipeline/check_topic.ts", "lib/broker/embedded/embedded_broker.ts");
    assert(loaded.includes("lib/landing/read_fingerprints.ts"));
    const wrong = loaded.filter((path) => NOT_AT_START.some((part) => path.startsWith(part)));
    assertEquals(wrong, []);
  },
});

Deno.test({
  name: "what reading needs of the table library is the same as in the whole of it",
  permissions: { read: [ROOT] },
  fn() {
    const namesIn = (path: string) =>
      [...Deno.readTextFileSync(new URL(path, ROOT)).matchAll(/export \{([^}]*)\} from "([^"]*)"/g)]
        .flatMap(([, names = "", from]) => names.split(",").map((name) => `${name.trim()} of ${from}`));
    const whole = namesIn("lib/delta/mod.ts");
    const part = namesIn("lib/delta/reading.ts");
    assert(part.length > 5);
    assertEquals(part.filter((name) => !whole.includes(name)), []);
  },
});
