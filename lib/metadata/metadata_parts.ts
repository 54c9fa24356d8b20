/** The five parts of the API's metadata: which lists they are made of, and the rows of their tables. */
import type { z } from "../packages/zod.ts";
import type { Row } from "../delta/mod.ts";
import type { MetadataName } from "../tables/table_paths.ts";
import { type CheckedList, checkElements, type CheckOptions } from "./check_elements.ts";
import type { KnownFields } from "./unknown_fields.ts";
import { causes, knownFields, operator, station, trainCategory, trainType, WITHIN } from "./wire_schemas.ts";

/** Rows of one list, and what of it is not known. */
export interface ListRows extends Omit<CheckedList<unknown>, "elements"> {
  readonly rows: readonly Row[];
}

/** A list of the API. */
export interface MetadataList {
  /** Below `/metadata/`. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  /** What its elements are: "stations". */
  readonly what: string;
  /** @throws {TypeError} when the list is not what it should be */
  readonly toRows: (elements: readonly unknown[], options: CheckOptions) => ListRows;
}

/** What one table holds; it changes as a whole. */
export interface MetadataPart {
  readonly name: MetadataName;
  readonly lists: readonly MetadataList[];
}

/** All parts; each has a table of its own, and none needs another. */
export const METADATA_PARTS: readonly MetadataPart[] = [
  {
    name: "stations",
    lists: [listOf("stations", { schema: station, known: knownFields(station), toRow: (each) => each })],
  },
  { name: "operators", lists: [listOf("operators", operatorList())] },
  {
    name: "train_types",
    lists: [listOf("train-types", {
      schema: trainType,
      known: knownFields(trainType, WITHIN.trainType),
      toRow: ({ name, trainCategory }) => ({ name, trainCategory: trainCategory?.name }),
    })],
  },
  {
    name: "train_categories",
    lists: [listOf("train-categories", {
      schema: trainCategory,
      known: knownFields(trainCategory),
      toRow: (each) => each,
    })],
  },
  {
    name: "causes",
    lists: [
      causeList("category", causes.category, (each) => [each.categoryCode, each.categoryName]),
      causeList(
        "detailed",
        causes.detailed,
        (each) => [each.detailedCategoryCode, each.detailedCategoryName],
      ),
      causeList("third", causes.third, (each) => [each.thirdCategoryCode, each.thirdCategoryName]),
    ],
  },
];

interface ListOptions<Element> {
  readonly schema: z.ZodType<Element>;
  readonly known: KnownFields;
  readonly toRow: (element: Element) => Row;
  readonly query?: Readonly<Record<string, string>>;
}

/** The real lists have up to some 550 elements. */
const MAX_ELEMENTS = 20_000;

function listOf<Element>(path: string, options: ListOptions<Element>): MetadataList {
  const { schema, known, toRow, query } = options;
  const what = path.replaceAll("-", " ");
  return {
    path,
    what,
    ...(query && { query }),
    toRows: (given, options) => {
      const shape = { what, schema, known, most: MAX_ELEMENTS };
      const { elements, ...found } = checkElements(given, shape, options);
      return { rows: elements.map(toRow), ...found };
    },
  };
}

function operatorList(): ListOptions<z.output<typeof operator>> {
  return {
    schema: operator,
    known: knownFields(operator, WITHIN.operator),
    toRow: ({ trainNumbers, ...each }) => ({
      ...each,
      // The server holds them in a set.
      trainNumbers: (trainNumbers ?? []).toSorted((a, b) =>
        (a.bottomLimit ?? 0) - (b.bottomLimit ?? 0) || (a.id ?? 0) - (b.id ?? 0)
      ),
    }),
  };
}

interface Cause {
  readonly id: number;
  readonly validFrom?: string | null | undefined;
  readonly validTo?: string | null | undefined;
  readonly passengerTerm?: Row | null | undefined;
  readonly description?: string | null | undefined;
}

/** One level of causes, those that are no longer used too: trains of then have them. */
function causeList<Element extends Cause>(
  level: keyof typeof causes,
  schema: z.ZodType<Element> & { readonly shape: Readonly<Record<string, unknown>> },
  codeAndName: (each: Element) => readonly [code: string, name: string | null | undefined],
): MetadataList {
  const path = level === "category" ? "cause-category-codes" : `${level}-cause-category-codes`;
  return listOf<Element>(path, {
    schema,
    known: knownFields(schema, WITHIN.cause),
    query: { show_inactive: "true" },
    toRow: (each) => {
      const { id, validFrom, validTo, passengerTerm, description } = each;
      const [code, name] = codeAndName(each);
      return { level, code, id, name, description, validFrom, validTo, passengerTerm };
    },
  });
}
