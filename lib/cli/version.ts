/** Version of Ratalake, as `--version` prints it and as the API sees it. */
export const VERSION = "0.1.0";
