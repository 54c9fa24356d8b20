/** Where a soak works, as its processes are told. */
import { z } from "zod";

const soakPlaces = z.object({
  apiUrl: z.string(),
  timeUrl: z.string(),
  dataDir: z.string(),
  seed: z.int(),
});

/** One soak. */
export type SoakPlaces = z.output<typeof soakPlaces>;

/** What a process of the soak was started with. */
export function readPlaces(args: readonly string[]): SoakPlaces {
  return soakPlaces.parse(JSON.parse(args[0] ?? ""));
}

/** The topic of every soak. */
export const SOAK_TOPIC = "soak";
