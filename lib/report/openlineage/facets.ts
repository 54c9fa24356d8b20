/** Facets of OpenLineage: which there are, from where and in which published version; what goes into those of a table. */
import { type DataType, formatType, type StructType } from "../../delta/mod.ts";

/** What made the events. */
export const PRODUCER = "urn:ratalake:report";

const SPEC = "https://openlineage.io/spec";
/** The schema of the events. */
export const EVENT_SCHEMA = `${SPEC}/2-0-2/OpenLineage.json#/$defs/RunEvent`;

/** By the key under which it stands, the version and the name of the schema that each facet has. */
const FACETS = {
  dataQualityAssertions: ["1-1-0", "DataQualityAssertionsDatasetFacet"],
  dataQualityMetrics: ["1-0-3", "DataQualityMetricsInputDatasetFacet"],
  documentation: ["1-1-0", "DocumentationDatasetFacet"],
  errorMessage: ["1-0-1", "ErrorMessageRunFacet"],
  jobType: ["2-0-4", "JobTypeJobFacet"],
  outputStatistics: ["1-0-2", "OutputStatisticsOutputDatasetFacet"],
  schema: ["1-2-0", "SchemaDatasetFacet"],
  test: ["1-0-1", "TestRunFacet"],
  version: ["1-0-1", "DatasetVersionDatasetFacet"],
} as const;

/** Facets by their keys. */
export type Facets = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** One facet under its key, with what each must have. */
export function facet(key: keyof typeof FACETS, content: Readonly<Record<string, unknown>>): Facets {
  const [version, name] = FACETS[key];
  const schema = `${SPEC}/facets/${version}/${name}.json#/$defs/${name}`;
  return { [key]: { _producer: PRODUCER, _schemaURL: schema, ...content } };
}

/** The columns of a table; those of structs and of lists of structs stand inside. */
export function schemaFacet({ fields }: StructType): Facets {
  return facet("schema", { fields: fields.map(fieldOf) });
}

type Field = StructType["fields"][number];

function fieldOf({ name, type }: Field, i: number): Readonly<Record<string, unknown>> {
  const inner = structIn(type);
  return {
    name,
    type: formatType(type),
    ordinal_position: i + 1,
    ...(inner === null ? {} : { fields: inner.fields.map(fieldOf) }),
  };
}

function structIn(type: DataType): StructType | null {
  if (typeof type === "string" || type.type === "map") return null;
  return type.type === "array" ? structIn(type.elementType) : type;
}
