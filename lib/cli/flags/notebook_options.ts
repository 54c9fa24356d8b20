/** The flags of `deno task notebook`. */
import { z } from "../../packages/zod.ts";
import { type Option, switchOption } from "../options.ts";

/** Those that no other script takes. */
export const NOTEBOOK_OPTIONS = {
  execute: switchOption("run all cells, keep what they show in the file, and open nothing"),
  out: {
    summary: "the file that --execute writes, instead of the notebook itself",
    value: "file",
    expected: "a file",
    schema: z.string().min(1).optional(),
  } satisfies Option<string | undefined>,
};
