import { assertEquals, assertThrows } from "@std/assert";
import { z } from "zod";
import { fieldsOf, KIND, TRAIN_FIELDS } from "../../../lib/validate/values/field_table.ts";
import { KNOWN_FIELDS } from "../../../lib/train/train_schema.ts";

Deno.test("the table has the fields of the schema, in its order, those of objects inside too", () => {
  const namesOf = (fields: typeof TRAIN_FIELDS | null | undefined) =>
    new Set(fields?.map(({ name }) => name));
  const inside = (fields: typeof TRAIN_FIELDS | null, name: string) =>
    fields?.find((field) => field.name === name)?.nested ?? null;
  const rows = inside(TRAIN_FIELDS, "timeTableRows");
  assertEquals(namesOf(TRAIN_FIELDS), KNOWN_FIELDS.train);
  assertEquals(namesOf(rows), KNOWN_FIELDS.row);
  assertEquals(namesOf(inside(rows, "causes")), KNOWN_FIELDS.cause);
  assertEquals(namesOf(inside(rows, "trainReady")), KNOWN_FIELDS.trainReady);
});

Deno.test("kinds, what may be absent and closed lists of texts come from the schema", () => {
  const fields = fieldsOf({
    a: z.string(),
    b: z.number().nullish(),
    c: z.boolean().nullable().optional(),
    d: z.enum(["x", "y"]),
    e: z.array(z.object({ f: z.string() })).nullish(),
    scheduledTime: z.string(),
  });
  const expected = [KIND.text, KIND.number, KIND.flag, KIND.text, KIND.list, KIND.time];
  assertEquals(fields.map(({ kind }) => kind), expected);
  assertEquals(fields.map(({ isRequired }) => isRequired), [true, false, false, true, false, true]);
  assertEquals([fields[3]?.options, fields[4]?.nested?.[0]?.name], [new Set(["x", "y"]), "f"]);
});

Deno.test("a schema that says more than the table can hold is refused by the name of the field", () => {
  const beyond = {
    check: z.string().min(1),
    whole: z.int(),
    format: z.iso.date(),
    strict: z.strictObject({ a: z.string() }),
    coerced: z.coerce.number(),
    other: z.string().default("x"),
    union: z.union([z.string(), z.number()]),
    texts: z.array(z.string()),
    holes: z.array(z.object({ a: z.string() }).nullable()),
    only: z.literal("a"),
    short: z.array(z.object({ a: z.string() })).max(3),
    refined: z.string().nullish().refine((text) => text !== "x"),
  };
  for (const [name, schema] of Object.entries(beyond)) {
    assertThrows(
      () => fieldsOf({ [name]: schema }),
      TypeError,
      `Cannot put the field "${name}" into the table`,
    );
  }
});
