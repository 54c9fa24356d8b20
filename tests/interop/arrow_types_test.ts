/** Files whose Arrow schema says more than Delta knows: the schema of the table decides what a column is. */

import { assert, assertEquals } from "@std/assert";
import { convertFolder, LocalStore, mergeInto, optimizeTable, scanTable } from "../../lib/delta/mod.ts";
import { startDeltaRs } from "./delta_peer.ts";
import { type PeerRow, sortedLines } from "./delta_rows.ts";
import { folderRows, LIVE, openFolder, temporaryFolder } from "./delta_table_rig.ts";
import { whyNoPython } from "./python_venv.ts";
import { testUnless } from "./test_unless.ts";

const reason = await whyNoPython(["deltalake", "pyarrow"]);
/** Delta types that this library reads and does not write. */
const READ_ONLY = ["nothing", "nothing in struct", "seconds", "nanoseconds"];

testUnless(reason, {
  name:
    "every Arrow type that delta-rs takes is read, rewritten and merged as the type of Delta that it became",
  fn: async () => {
    await using place = await temporaryFolder();
    await using peer = await startDeltaRs();
    const read = await peer.ask("write_arrow_types", { folder: place.folder }) as Readonly<
      Record<string, readonly PeerRow[] | null>
    >;
    assert(Object.keys(read).length > 25);
    for (const [name, rows] of Object.entries(read)) {
      const path = `${place.folder}/${name}`;
      const ours = await folderRows(path);
      assertEquals(sortedLines(ours), sortedLines(rows ?? ours), name);
      if (READ_ONLY.includes(name)) continue;
      const table = await openFolder(path);
      const [source] = await Array.fromAsync(scanTable(table));
      assert(source !== undefined);
      await mergeInto(table, source, {
        on: ["id"],
        whenMatched: [{ action: "update" }],
        whenNotMatched: [{}],
      });
      await optimizeTable(table, { minFiles: 1 });
      assertEquals(sortedLines(await folderRows(path)), sortedLines(ours), `${name} merged`);
      await Deno.remove(`${path}/_delta_log`, { recursive: true });
      const converted = await convertFolder(new LocalStore(path), {}, LIVE);
      assertEquals(converted.snapshot.files.size > 0, true, name);
    }
  },
});
