/** The same as `latency_reader.py` with our own library, where there is no Python: prints each version when it is readable. */
import { setTimeout as sleep } from "node:timers/promises";
import { openTable } from "../../lib/delta/mod.ts";

const table = await openTable(Deno.args[0] ?? "");
for (let seen = -1;;) {
  const { version } = await table.update();
  if (version !== seen) console.log(version, Date.now());
  seen = version;
  await sleep(5);
}
