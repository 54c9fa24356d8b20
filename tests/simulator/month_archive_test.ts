import { assertEquals, assertExists, assertGreater } from "@std/assert";
import { crc32, inflateRawSync } from "node:zlib";
import { archiveBytes, archiveNames } from "../../lib/simulator/archives/month_archive.ts";
import { zipStream } from "../../lib/simulator/archives/zip_stream.ts";
import { arrayJson } from "../../lib/simulator/json_answer.ts";
import { serveSimulator } from "../../lib/simulator/serve_simulator.ts";
import { openWorld } from "../../lib/simulator/world/open_world.ts";

const AT_MS = Date.parse("2026-03-10T10:00:00Z");
const WORLD = { seed: 6, trains: 12 };
const FEBRUARY = "digitraffic-rata-trains-2026-02-01.zip";
const GZIP = { headers: { "Accept-Encoding": "gzip" } };

/** Members by name, read the other way round: from the directory at the end. */
function unzip(zip: Uint8Array<ArrayBuffer>): ReadonlyMap<string, string> {
  const view = new DataView(zip.buffer);
  const members = new Map<string, string>();
  const end = zip.length - 22;
  assertEquals(view.getUint32(end, true), 0x06054b50);
  let at = view.getUint32(end + 16, true);
  for (let count = view.getUint16(end + 10, true); count > 0; count--) {
    const [crc, packed, size] = [16, 20, 24].map((offset) => view.getUint32(at + offset, true));
    const [nameLength = 0, extraLength = 0] = [28, 30].map((offset) => view.getUint16(at + offset, true));
    const local = view.getUint32(at + 42, true);
    assertEquals([view.getUint16(local + 6, true) & 8, view.getUint16(local + 8, true)], [8, 8]);
    const from = local + 30 + view.getUint16(local + 26, true) + view.getUint16(local + 28, true);
    const content = inflateRawSync(zip.subarray(from, from + (packed ?? 0)));
    assertEquals([content.length, crc32(content)], [size, crc]);
    assertEquals(view.getUint32(from + (packed ?? 0), true), 0x08074b50);
    const name = new TextDecoder().decode(zip.subarray(at + 46, at + 46 + nameLength));
    members.set(name, new TextDecoder().decode(content));
    at += 46 + nameLength + extraLength;
  }
  return members;
}

async function read(url: string): Promise<Response> {
  const response = await fetch(url, GZIP);
  assertEquals(response.status, 200);
  return response;
}

Deno.test({
  name: "an archive has a member for each day of its month, byte for byte what the date answers",
  permissions: { net: ["127.0.0.1"] },
  fn: async () => {
    await using server = serveSimulator({ ...WORLD, world: {}, clock: () => AT_MS });
    const response = await read(`${server.url}/trains/dumps/${FEBRUARY}`);
    assertEquals(response.headers.get("Content-Type"), "application/zip");
    const members = unzip(await response.bytes());
    const days = Array.from({ length: 28 }, (_, day) => `2026-02-${String(day + 1).padStart(2, "0")}`);
    assertEquals([...members.keys()], days.map((day) => `${day}_trains.json`));
    for (const day of days) {
      const body = await (await read(`${server.url}/trains/${day}`)).text();
      assertEquals(members.get(`${day}_trains.json`), body);
    }
  },
});

Deno.test({
  name: "an archive is there from the fifth day of the next month on, and on the list; others are not found",
  permissions: { net: ["127.0.0.1"] },
  fn: async () => {
    const madeMs = Date.parse("2026-03-05T00:00:00+02:00");
    assertEquals(archiveNames(madeMs).at(-1), FEBRUARY);
    assertEquals(archiveNames(madeMs - 1).at(-1), "digitraffic-rata-trains-2026-01-01.zip");
    assertEquals(archiveBytes(openWorld(WORLD), FEBRUARY, madeMs - 1), null);
    await using server = serveSimulator({ ...WORLD, world: {}, clock: () => AT_MS });
    const page = await (await read(`${server.url}/trains/dumps/list.html`)).text();
    assertEquals([...page.matchAll(/href="([^"]+)"/g)].map(([, name]) => name), [...archiveNames(AT_MS)]);
    for (const month of ["2026-03", "2015-12", "2026-13"]) {
      const response = await fetch(
        `${server.url}/trains/dumps/digitraffic-rata-trains-${month}-01.zip`,
        GZIP,
      );
      assertEquals([response.status, await response.text()], [404, "Not Found"]);
    }
  },
});

Deno.test({
  name: "an archive stays as it was made, whatever the moment, the zone and later re-bases",
  permissions: "none",
  fn: () => {
    const digest = (rebaseMs: number, atMs: number) => {
      const world = openWorld({ ...WORLD, trains: 3, rebases: [{ atMs: rebaseMs, lowerBy: 1e6 }] });
      const bytes = archiveBytes(world, FEBRUARY, atMs);
      assertExists(bytes);
      return Iterator.from(bytes).reduce((crc, part) => crc32(part, crc), 0);
    };
    const first = digest(AT_MS, AT_MS - 1);
    assertEquals(digest(AT_MS, AT_MS + 1e10), first);
    assertEquals(digest(AT_MS - 9e9, AT_MS) === first, false);
  },
});

Deno.test({
  name: "bytes come while the text is made: no member is held as a whole",
  permissions: "none",
  fn: () => {
    let made = 0;
    function* parts(): Generator<string> {
      for (let part = 0; part < 40; part++) {
        made++;
        yield* arrayJson([
          Array.from({ length: 20_000 }, (_, index) => (index * 7919 * (part + 1)) % 104_729),
        ]);
      }
    }
    const members = [{ name: "a.json", date: [2026, 3, 5] as const, parts: parts() }];
    const [head, ...rest] = zipStream(members).map((bytes) => ({ bytes, made }));
    assertExists(head);
    const firstData = rest.find(({ bytes }) => bytes.length > 1_000);
    assertExists(firstData);
    assertGreater(10, firstData.made);
    assertEquals(made, 40);
  },
});
