/**
 * Command-line arguments with the names and behaviour of `jsr:@std/cli` 1.0.24, for places where the registry cannot be
 * reached. Holds only what this project uses; delete the link in deno.json to get the original.
 *
 * @module
 */
export { type Args, parseArgs, type ParseOptions } from "./parse_args.ts";
