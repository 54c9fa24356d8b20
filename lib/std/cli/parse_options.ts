/** One name or several. */
export type Names = string | readonly string[];

/** What `parseArgs` is told about the flags. */
export interface ParseOptions {
  /** Put what follows `--` into `["--"]` instead of `_`. */
  "--"?: boolean;
  /** Other names of a flag; each gets the value of all. */
  alias?: Readonly<Record<string, Names>>;
  /** Flags without a value, false by default; `true` makes every `--flag` one. */
  boolean?: boolean | Names;
  /** Values of flags that are not given. */
  default?: Readonly<Record<string, unknown>>;
  /** Everything after the first word that is no flag goes to `_` as it is. */
  stopEarly?: boolean;
  /** Flags whose values stay text ("" when no value follows); `"_"` keeps the other words text. */
  string?: Names;
  /** Flags that may come several times; their values make an array. */
  collect?: Names;
  /** Flags that `--no-<flag>` sets to false. */
  negatable?: Names;
  /** Is asked about each argument without a declared flag; false leaves it out. */
  unknown?: (arg: string, key?: string, value?: unknown) => unknown;
}
