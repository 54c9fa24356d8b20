/** Loads what the product loads when it first needs it, for tests whose own rights are too few for that. */
import { arrow } from "../lib/packages/arrow.ts";
import { pl } from "../lib/packages/polars.ts";

void [pl.col, arrow.Type];
