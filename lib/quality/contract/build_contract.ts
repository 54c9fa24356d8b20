/**
 * The data contract of the standard table in the words of the Open Data Contract Standard 3.1: its columns, and the rules
 * with the limits that apply. Read back as a policy it gives these limits again.
 */
import type { DataType, StructType } from "../../delta/mod.ts";
import { formatType } from "../../delta/mod.ts";
import { dump } from "../../packages/js_yaml.ts";
import { LICENCE_LINE } from "../../tables/licence.ts";
import { STANDARD_PARTITION, STANDARD_SCHEMA } from "../../tables/standard_schema.ts";
import { TABLE_PATHS } from "../../tables/table_paths.ts";
import { type Limit, limitsOf, type Policy, WORDS } from "../policy.ts";
import { REQUIRED_COLUMNS } from "../row_counter.ts";
import { columnsOfRules } from "../rule_columns.ts";
import { RULES } from "../rules.ts";
import type { Dimension, Rule } from "../rules/rule.ts";
import type { SchemaPolicy } from "../schema_policy.ts";
import { COLUMN_NOTES } from "./column_notes.ts";
import { ENGINE } from "./read_contract.ts";

const KEY = ["trainNumber", "departureDate", "rowNumber"];
/** The standard has seven dimensions, two of which it calls otherwise. */
const DIMENSIONS: Readonly<Partial<Record<Dimension, string>>> = {
  validity: "conformity",
  volume: "coverage",
};
const LOGICAL_TYPES: Readonly<Record<string, string>> = {
  long: "integer",
  integer: "integer",
  string: "string",
  boolean: "boolean",
  date: "date",
  timestamp: "timestamp",
};

type Part = Readonly<Record<string, unknown>>;

/** As YAML. The place is the folder of the table. */
export function buildContract(
  { policy, place }: { readonly policy: Policy; readonly place: string },
): string {
  const contract: Part = {
    apiVersion: "v3.1.0",
    kind: "DataContract",
    id: "urn:ratalake:standard-trains-travel",
    name: "Finnish train traffic",
    version: "1.0.0",
    status: "active",
    description: {
      purpose:
        "One row per timetable row of the newest version of each train, from Digitraffic's live trains",
      usage: "Delays, punctuality and traffic by station, train type, operator and date",
      limitations: LICENCE_LINE,
      authoritativeDefinitions: [{ url: "https://creativecommons.org/licenses/by/4.0/", type: "license" }],
    },
    servers: [{ server: "local", type: "local", path: place, format: "delta" }],
    schema: [{
      name: "trains_travel",
      physicalName: TABLE_PATHS.standard,
      physicalType: "table",
      logicalType: "object",
      dataGranularityDescription: "One arrival or departure of one train",
      properties: STANDARD_SCHEMA.fields.map((field) => columnOf(field, policy)),
      quality: qualityOf((column) => column === undefined, policy),
    }],
    ...(policy.schema === undefined ? {} : { customProperties: schemaProperties(policy.schema) }),
  };
  return dump(contract, { noRefs: true, lineWidth: 110 });
}

/** The standard has no words for what unknown fields mean. */
function schemaProperties({ fields, values, known, tables }: SchemaPolicy): readonly Part[] {
  const chosen = [
    { property: `${ENGINE}SchemaFields`, value: fields },
    { property: `${ENGINE}SchemaValues`, value: values },
  ];
  return [
    ...chosen,
    ...(known.length === 0 ? [] : [{ property: `${ENGINE}SchemaKnown`, value: known }]),
    ...(tables === undefined ? [] : [{ property: `${ENGINE}SchemaTables`, value: tables }]),
  ];
}

function columnOf({ name, type }: StructType["fields"][number], policy: Policy): Part {
  const quality = qualityOf((column) => column === name, policy);
  const isKey = KEY.includes(name);
  return {
    ...partOf(name, type, COLUMN_NOTES[name]),
    ...(isKey ? { primaryKey: true, primaryKeyPosition: KEY.indexOf(name) + 1 } : {}),
    ...(isKey || REQUIRED_COLUMNS.some((column) => column === name) ? { required: true } : {}),
    ...(name === STANDARD_PARTITION ? { partitioned: true, partitionKeyPosition: 1 } : {}),
    ...(quality.length === 0 ? {} : { quality }),
  };
}

function partOf(name: string, type: DataType, description: string | undefined): Part {
  return { name, ...typeOf(name, type), ...(description === undefined ? {} : { description }) };
}

function typeOf(name: string, type: DataType): Part {
  const physicalType = formatType(type);
  if (typeof type === "string") return { logicalType: LOGICAL_TYPES[type] ?? "string", physicalType };
  if (type.type === "array") {
    return { logicalType: "array", physicalType, items: typeOf(name, type.elementType) };
  }
  const fields = type.type === "struct" ? type.fields : [];
  const properties = fields.map((field) =>
    partOf(field.name, field.type, COLUMN_NOTES[`${name}.${field.name}`])
  );
  return { logicalType: "object", physicalType, properties };
}

/** The limits of rules on a column, or of those on none. */
function qualityOf(isMeant: (column: string | undefined) => boolean, policy: Policy): readonly Part[] {
  const columns = columnsOfRules(RULES);
  const rules = RULES.filter(({ id }) => isMeant(columns.get(id)));
  return rules.flatMap((rule) =>
    limitsOf(rule, policy).filter(({ part }) => part === undefined).map((limit) => entryOf(rule, limit))
  );
}

/** The standard knows no operator beside a custom check, only inside. */
function entryOf({ id, title, why, dimension }: Rule, { severity, operator, value, unit }: Limit): Part {
  return {
    type: "custom",
    name: `${id} ${title}`,
    description: why,
    dimension: DIMENSIONS[dimension] ?? dimension,
    severity: WORDS[severity],
    unit,
    engine: ENGINE,
    implementation: { rule: id, [operator]: value },
  };
}
