/** The one fault that is told of a message that has several. */
import { assert, assertEquals } from "@std/assert";
import { pick, seededRandom } from "../../lib/simulator/seeded_random.ts";
import { trainSchema } from "../../lib/train/train_schema.ts";
import { parseMessage } from "../../lib/validate/parse_message.ts";
import { completeTrain } from "./scan/complete_train.ts";
import { ODD_VALUES } from "./scan/mutate_train.ts";

/** The JSON path of the first of all faults that zod finds. */
function firstPath(value: unknown): string | null {
  const [issue] = trainSchema.safeParse(value).error?.issues ?? [];
  return issue?.path.reduce<string>(
    (path, key) => typeof key === "number" ? `${path}[${key}]` : `${path}.${String(key)}`,
    "$",
  ) ?? null;
}

/** Those of the odd values that are JSON. */
function oddValues(): readonly unknown[] {
  return ODD_VALUES.flatMap((text) => {
    try {
      return [JSON.parse(text)];
    } catch {
      return [];
    }
  });
}

Deno.test("of several faults the one that zod lists first is told, wherever they are", () => {
  const values = oddValues();
  let rejected = 0;
  for (let seed = 1; seed <= 300; seed++) {
    const random = seededRandom(seed);
    const text = JSON.stringify(
      completeTrain(),
      (key, value) => key !== "" && random() < 0.05 ? pick(random, values) : value,
    );
    const found = parseMessage(new TextEncoder().encode(text), text, new Map());
    const path = firstPath(JSON.parse(text));
    if (path !== null) rejected++;
    assertEquals([seed, "code" in found ? found.path : null], [seed, path]);
  }
  assert(rejected > 100 && rejected < 300, `${rejected} rejected`);
});
