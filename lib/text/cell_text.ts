/** Exact values as text for people and for CSV. */
import type { DataType } from "../delta/mod.ts";
import { valueWriter } from "./json_text.ts";

/** Text as it is, everything else as in JSON but without quotes; null is undefined. */
export function cellWriter(type: DataType): (value: unknown) => string | undefined {
  const write = valueWriter(type);
  if (type === "string") return (value) => value === null ? undefined : String(value);
  const isPlain = typeof type === "string";
  return (value) => {
    if (value === null || value === undefined) return undefined;
    const text = write(value);
    return isPlain && text.startsWith('"') ? text.slice(1, -1) : text;
  };
}
