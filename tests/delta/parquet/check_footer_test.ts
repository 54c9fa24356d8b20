/** What is wrong in a Parquet file is found before polars, which prints a native panic for much of it. */
import { assert, assertEquals, assertThrows } from "@std/assert";
import { parquetWriteBuffer } from "hyparquet-writer";
import pl from "nodejs-polars";
import { checkFooter } from "../../../lib/delta/parquet/check_footer.ts";

const PROCESS = new URL("./flip_process.ts", import.meta.url).pathname;
const ROOT = new URL("../../../", import.meta.url).pathname;

/** Two columns, one of them with nulls. */
function someFile(
  rows: number,
  options: Parameters<ReturnType<typeof pl.DataFrame>["writeParquet"]>[0] = {},
) {
  const ids = Array.from({ length: rows }, (_, index) => index);
  const frame = pl.DataFrame({ id: ids, name: ids.map((id) => id % 3 === 0 ? null : `name ${id % 100}`) });
  return new Uint8Array(frame.writeParquet(options));
}

Deno.test({
  name: "files of polars and hyparquet pass, whatever their size, compression and missing values",
  permissions: { read: true, env: true, sys: true, ffi: true },
  fn() {
    for (const compression of ["uncompressed", "snappy", "gzip", "zstd", "lz4"] as const) {
      for (const rows of [0, 1, 5000]) checkFooter(someFile(rows, { compression }));
    }
    for (const columnData of [[], [{ name: "id", data: [1, 2], type: "INT32" as const }]]) {
      checkFooter(new Uint8Array(parquetWriteBuffer({ columnData })));
    }
  },
});

Deno.test({
  name:
    "every flipped bit of a footer and of a page header is passed over, or named in words; nothing else is thrown",
  permissions: { read: true, env: true, sys: true, ffi: true },
  fn() {
    const file = someFile(5, { compression: "uncompressed" });
    const found = new Set<string>();
    for (let bit = 0; bit < 8 * file.length; bit++) {
      const damaged = file.map((byte, index) => index === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte);
      try {
        checkFooter(damaged);
      } catch (error) {
        const { message } = assertThrows(() => {
          throw error;
        }, TypeError);
        assert(/^Cannot read the Parquet (?:footer|structure): found .*, expected /s.test(message), message);
        found.add(message.replace(/^.*?found /s, "").replaceAll(/\d+/g, "N").replace(/,.*/s, ""));
      }
    }
    const kinds = [
      "Thrift type N in ColumnMetaData",
      "no field N in SchemaElement",
      "a column from byte N to N",
      "a page that ends at byte N of its column",
      "N values in the pages of a column",
      "a page header of another type",
    ];
    for (const kind of kinds) assert(found.has(kind), `${kind} is not among ${[...found].join("; ")}`);
  },
});

Deno.test({
  name:
    "a column whose pages take far more bytes than the footer says is refused before they are decompressed",
  permissions: { read: true, env: true, sys: true, ffi: true },
  fn() {
    const texts = Array.from({ length: 3000 }, (_, id) => `${id}`.padEnd(1000, "x"));
    const file = new Uint8Array(pl.DataFrame({ texts }).writeParquet({ compression: "zstd" }));
    const footerBytes = new DataView(file.buffer).getUint32(file.length - 8, true);
    const messages: string[] = [];
    for (let at = file.length - 8 - footerBytes; at < file.length - 8; at++) {
      // In the last byte of the varint of the size this takes two thirds of it away.
      const damaged = file.with(at, (file[at] ?? 0) ^ 2);
      try {
        checkFooter(damaged);
      } catch (error) {
        messages.push(String(error));
      }
    }
    const expected = /found pages of 3\d{6} bytes in a column, expected \d{1,6} as the footer says/;
    assert(messages.some((message) => expected.test(message)), messages.join("\n"));
  },
});

Deno.test({
  name: "polars prints nothing of its own about a footer with a flipped bit",
  permissions: { read: true, run: [Deno.execPath()] },
  async fn() {
    const flags = ["--quiet", "--no-check", "--no-prompt", "--allow-read", "--allow-env", "--allow-sys"];
    const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["run", ...flags, "--allow-ffi", PROCESS, "5"],
      cwd: ROOT,
      stdin: "null",
    }).output();
    assertEquals(new TextDecoder().decode(stderr), "");
    const outcomes: Record<string, number> = JSON.parse(new TextDecoder().decode(stdout));
    assert((outcomes.CorruptFileError ?? 0) > 100 && (outcomes.read ?? 0) > 100, JSON.stringify(outcomes));
  },
});
