/** Which places a command line means, and how they are written. */
import { posix } from "node:path";
import { assertEquals } from "@std/assert";
import { SETTING_NAMES } from "../../../lib/cli/rights/setting_names.ts";
import { hostPortOf, hostsOf } from "../../../lib/cli/rights/hosts.ts";
import { METADATA_TABLES, METADATA_ZONE } from "../../../lib/cli/rights/plan_rights.ts";
import { absolutePath, isInside } from "../../../lib/cli/rights/paths.ts";
import { placesOf } from "../../../lib/cli/rights/disk.ts";
import { SETTINGS } from "../../../lib/cli/settings.ts";
import { flagOf } from "../../../lib/cli/options.ts";
import { METADATA_PATHS } from "../../../lib/tables/table_paths.ts";
import { seededRandom } from "../../delta/test_context.ts";

Deno.test("the launcher's names of the settings are those of the settings", () => {
  for (const [group, table] of Object.entries(SETTINGS)) {
    const names = Object.entries(table).map(([name, option]) => ({
      flag: flagOf(name).slice(2),
      env: option.env,
      ...("value" in option ? {} : { isSwitch: true }),
      ...("secret" in option ? { isSecret: true } : {}),
    }));
    assertEquals(SETTING_NAMES[group as keyof typeof SETTINGS], names as never);
  }
});

Deno.test("the launcher's names of the tables of metadata are those of the tables", () => {
  const paths = METADATA_TABLES.map((name) => [name, `${METADATA_ZONE}/${name}`]);
  assertEquals(Object.fromEntries(paths), METADATA_PATHS);
});

Deno.test("hosts are host:port; what is none gives no right to anything", () => {
  assertEquals(hostsOf(" redpanda-0:9092 ,10.0.0.1:1,[::1]:9092"), [
    "redpanda-0:9092",
    "10.0.0.1:1",
    "[::1]:9092",
  ]);
  assertEquals(hostsOf("redpanda-0,:9,a:0,a:65536,a:b,user:secret@a:1,http://a:1,münchen.de:1,a b:1,,"), []);
  const addresses = {
    "https://rata.digitraffic.fi/api/v1": "rata.digitraffic.fi:443",
    "http://localhost/": "localhost:80",
    "https://proxy.example:8443/api": "proxy.example:8443",
    "http://[::1]:8088/api": "[::1]:8088",
    "https://münchen.de/": "xn--mnchen-3ya.de:443",
  };
  for (const [address, host] of Object.entries(addresses)) assertEquals(hostPortOf(address), host);
  for (const wrong of ["file:///etc", "ftp://a/", "rata.digitraffic.fi", "", "http://a!b/"]) {
    assertEquals(hostPortOf(wrong), undefined);
  }
});

Deno.test("paths are compared as node:path does it, whatever dots and slashes are in them", () => {
  const random = seededRandom(1);
  const path = () => {
    const names = Array.from(
      { length: 1 + Math.floor(random() * 5) },
      () => ["a", "b", "..", ".", ""][Math.floor(random() * 5)],
    );
    return `${random() < 0.5 ? "/" : ""}${names.join("/")}`;
  };
  for (let time = 0; time < 3000; time++) {
    const [inner, outer] = [path(), path()];
    assertEquals(absolutePath(inner, "/x/y"), posix.resolve("/x/y", inner).replace(/(?<=.)\/$/, ""), inner);
    // A path that climbs out of the current folder may come back into it: that text cannot show.
    if ([inner, outer].some((text) => posix.normalize(text).startsWith(".."))) continue;
    const expected = !posix.relative(posix.resolve("/x", outer), posix.resolve("/x", inner)).startsWith("..");
    const isSame = posix.resolve("/x", outer) === posix.resolve("/x", inner);
    const sameKind = inner.startsWith("/") === outer.startsWith("/");
    if (sameKind) assertEquals(isInside(inner, outer), expected && !isSame, `${inner} in ${outer}`);
  }
});

Deno.test("a path through a symbolic link is allowed under both names, also below what is not there yet", () => {
  const links: Readonly<Record<string, string>> = {
    "/": "/",
    "/home": "/usr/home",
    "/srv": "/srv",
    "/project": "/project",
  };
  const disk = {
    currentFolder: "/project",
    isFolder: () => true,
    realPath: (path: string) => links[path],
  };
  assertEquals(placesOf("/home", disk), ["/home", "/usr/home"]);
  assertEquals(placesOf("/home/new/lake", disk), ["/home/new/lake", "/usr/home/new/lake"]);
  assertEquals(placesOf("../home/x", disk), ["../home/x", "/usr/home/x"]);
  assertEquals(placesOf("/srv/lake", disk), ["/srv/lake"]);
  assertEquals(placesOf("data_files", disk), ["data_files"]);
});
