/** Where topic and tables are, by the names under which other programs know them. */
import type { Config } from "../../lib/cli/config.ts";
import type { ReportOptions } from "../../lib/pipeline/report_quality.ts";

/** For the formats that tell it. */
export function reportPlaces({ kafka, brokerFile, dataDir }: Config): ReportOptions["places"] {
  return {
    log: kafka === undefined
      ? { namespace: "file", path: absolute(brokerFile) }
      : { namespace: `kafka://${kafka.brokers[0]}` },
    folder: absolute(dataDir),
  };
}

/** Without "..", which others write otherwise. */
function absolute(path: string): string {
  const encoded = (text: string) => text.split("/").map(encodeURIComponent).join("/");
  return decodeURIComponent(new URL(encoded(path), `file://${encoded(Deno.cwd())}/`).pathname);
}
