/** Times as clocks in Finland show them. */
import { helsinkiMs } from "../tables/rows/helsinki_day.ts";

/** "06:05"; of milliseconds since 1970 UTC. */
export function clockText(ms: number): string {
  return new Date(helsinkiMs(ms)).toISOString().slice(11, 16);
}
