/** What the kernel of the notebook is given, and what not. */
import { assertEquals } from "@std/assert";
import { grantRequests } from "../../../lib/cli/rights/grant_requests.ts";

const SETS = {
  read: ["/repo/data_files", "/repo/lib"],
  ffi: ["/repo/node_modules"],
  env: ["DATA_DIR"],
  net: ["127.0.0.1"],
};

Deno.test("a path is granted when it lies in a folder of the list, by the text of it", () => {
  const grant = grantRequests(SETS);
  const asked = (permission: string, value: unknown) => grant({ id: 1, permission, value });
  const paths = {
    "/repo/lib": true,
    "/repo/lib/delta/mod.ts": true,
    "/repo/data_files/../lib/a.ts": true,
    "/repo/data_files2/a": false,
    "/repo/lib/../../etc/passwd": false,
    "/repo": false,
    "lib/a.ts": false,
    "../lib/a.ts": false,
    "": false,
  };
  const granted = Object.keys(paths).map((path) => [path, asked("read", path)]);
  assertEquals(Object.fromEntries(granted), paths);
  assertEquals(asked("write", "/repo/lib/a.ts"), false);
  assertEquals(asked("ffi", "/repo/node_modules/polars.node"), true);
});

Deno.test("all of a kind is never granted, nor what no list names", () => {
  const grant = grantRequests(SETS);
  const asked = (permission: string, value: unknown) => grant({ id: 1, permission, value });
  for (const permission of [...Object.keys(SETS), "run", "sys", "import", "constructor"]) {
    assertEquals([permission, asked(permission, null)], [permission, false]);
  }
  assertEquals(asked("env", "DATA_DIR"), true);
  assertEquals(asked("env", "HOME"), false);
  assertEquals(asked("constructor", "name"), false);
});

Deno.test("the network is for the five sockets that the kernel opens before any cell runs", () => {
  const grant = grantRequests(SETS);
  const asked = (value: string) => grant({ id: 1, permission: "net", value });
  assertEquals(asked("example.com:443"), false);
  assertEquals([1, 2, 3, 4, 5, 6].map((port) => asked(`127.0.0.1:${port}`)), [
    ...Array.from({ length: 5 }, () => true),
    false,
  ]);
});
