/** polars, loaded when it is first used: it takes 50 ms. */
import type polars from "nodejs-polars";
import { loadLazily } from "./load_lazily.ts";

/** What `import pl from "nodejs-polars"` gives. */
export const pl: typeof polars = loadLazily("nodejs-polars");
