/** A parser of SQL, loaded when it is first used: it takes 75 ms. */
import type * as parser from "pgsql-ast-parser";
import { loadLazily } from "./load_lazily.ts";

/** What `import * as sqlParser from "pgsql-ast-parser"` gives. */
export const sqlParser: typeof parser = loadLazily("pgsql-ast-parser");
export type { Expr, From, SelectFromStatement } from "pgsql-ast-parser";
