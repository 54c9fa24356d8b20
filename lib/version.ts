/** Version of Ratalake, as `--version` prints it and as the API and the tables see it. */
export const VERSION = "0.1.0";
