/** What the library takes from polars and gives back, under names that its signatures and its users can say. */

/** Rows in memory: a polars `DataFrame`. */
export type Frame = ReturnType<(typeof import("nodejs-polars"))["default"]["readIPC"]>;

/** What polars computes from the columns of a frame, such as `pl.col("track").gt(2)`. */
export type Expression = ReturnType<(typeof import("nodejs-polars"))["default"]["col"]>;
