import type pl from "nodejs-polars";

/** A polars frame. */
export type Frame = pl.DataFrame;
