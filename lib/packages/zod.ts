/**
 * zod, imported in this one place: for each file that imports a package Deno takes its lock on node_modules once more at
 * every start, 1 ms each; from the 32nd on it runs out of threads and waits for 100 ms.
 */
export { z } from "zod";
