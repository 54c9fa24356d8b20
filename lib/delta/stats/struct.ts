/** Statistics that a checkpoint holds as columns, not as JSON. */

import type { Actions, Add, Metadata } from "../actions/actions.ts";
import { formatDate, formatTime } from "../schema/calendar.ts";
import { columnMappingMode, physicalName } from "../actions/column_mapping.ts";
import { decimalDigits } from "../predicate/literal.ts";
import { type DataType, decimalOf, parseSchema, type StructType } from "../schema/schema.ts";

type Values = Readonly<Record<string, unknown>>;

/** An add as a checkpoint has it. */
interface CheckpointAdd extends Add {
  readonly stats_parsed?: unknown;
  readonly partitionValues_parsed?: unknown;
}

const MS_PER_DAY = 86_400_000;

/** Gives adds without `stats` those that the checkpoint has as columns, and removes these columns. */
export function fillStats(actions: Actions): Actions {
  const { adds, metadata } = actions;
  const isParsed = ({ stats_parsed, partitionValues_parsed }: CheckpointAdd): boolean =>
    stats_parsed !== undefined || partitionValues_parsed !== undefined;
  if (metadata === undefined || !adds.some(isParsed)) return actions;
  const schema = readableSchema(metadata);
  return { ...actions, adds: adds.map((add) => isParsed(add) ? withStats(add, schema) : add) };
}

/** A damaged schema has no columns here: replaying the log reports it with its position. */
function readableSchema(metadata: Metadata): StructType {
  try {
    return physicalSchema(parseSchema(metadata.schemaString), columnMappingMode(metadata));
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof TypeError) return { type: "struct", fields: [] };
    throw error;
  }
}

function withStats(add: CheckpointAdd, schema: StructType): Add {
  const { stats_parsed, partitionValues_parsed: _, ...rest } = add;
  if (rest.stats !== undefined || !isObject(stats_parsed)) return rest;
  return { ...rest, stats: statsText(stats_parsed, schema) };
}

// Bounds keep all their digits, which are no JSON numbers for JavaScript.
function statsText(stats: Values, schema: StructType): string {
  const numRecords = Number(stats.numRecords ?? NaN);
  const members = [
    ...(Number.isNaN(numRecords) ? [] : [`"numRecords":${numRecords}`]),
    `"minValues":${boundsText(stats.minValues, schema)}`,
    `"maxValues":${boundsText(stats.maxValues, schema)}`,
  ];
  if (isObject(stats.nullCount)) members.push(`"nullCount":${JSON.stringify(stats.nullCount)}`);
  return `{${members.join(",")}}`;
}

function boundsText(values: unknown, { fields }: StructType): string {
  const members = fields.flatMap(({ name, type }) => {
    const value = isObject(values) && Object.hasOwn(values, name) ? values[name] : undefined;
    const text = value === undefined || value === null ? undefined : boundText(value, type);
    return text === undefined ? [] : [`${JSON.stringify(name)}:${text}`];
  });
  return `{${members.join(",")}}`;
}

function boundText(value: unknown, type: DataType): string | undefined {
  if (typeof type !== "string") return type.type === "struct" ? boundsText(value, type) : undefined;
  if (typeof value === "bigint") return String(value);
  if (typeof value === "number" && type === "date") return `"${formatDate(Math.round(value / MS_PER_DAY))}"`;
  if (typeof value === "number" && type.startsWith("timestamp")) {
    const micros = BigInt(Math.floor(value)) * 1000n;
    return `"${formatTime(micros)}${type === "timestamp" ? "Z" : ""}"`;
  }
  const decimal = decimalOf(type);
  if (decimal !== undefined && value instanceof Uint32Array) {
    return decimalDigits(BigInt.asIntN(128, unscaledOf(value)), decimal.scale);
  }
  const isPlain = typeof value === "string" || typeof value === "boolean" ||
    (typeof value === "number" && Number.isFinite(value));
  if (Object.is(value, -0)) return "-0.0";
  return isPlain ? JSON.stringify(value) : undefined;
}

function unscaledOf(words: Uint32Array): bigint {
  return words.reduceRight((sum, word) => (sum << 32n) | BigInt(word), 0n);
}

function physicalSchema(schema: StructType, mode: ReturnType<typeof columnMappingMode>): StructType {
  const fields = schema.fields.map((field) => {
    const { type } = field;
    const isStruct = typeof type !== "string" && type.type === "struct";
    return { ...field, name: physicalName(field, mode), type: isStruct ? physicalSchema(type, mode) : type };
  });
  return { type: "struct", fields };
}

function isObject(value: unknown): value is Values {
  return typeof value === "object" && value !== null;
}
