/** The options of `deno task serve`. */
import { z } from "../../packages/zod.ts";
import { countOption, type OptionTable } from "../options.ts";

/** Where the page is served. */
export const SERVE_OPTIONS = {
  port: countOption({ summary: "port of the page; 0 is any free one", most: 65_535, default: "8090" }),
  host: {
    summary:
      "address to listen on; any other than this machine's own lets others see the page, without a password",
    value: "address",
    default: "127.0.0.1",
    expected: "a host name or an address such as 0.0.0.0",
    schema: z.string().regex(/^(?:[A-Za-z0-9._-]{1,253}|\[[0-9a-fA-F:.]{2,45}\])$/),
  },
} as const satisfies OptionTable;
