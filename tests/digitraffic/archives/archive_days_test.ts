import { assert, assertEquals, assertRejects } from "@std/assert";
import { ArchiveError } from "../../../lib/digitraffic/archives/archive_error.ts";
import { archivePath, isArchived, readArchive } from "../../../lib/digitraffic/archives/archive_days.ts";
import { makeZip } from "./make_zip.ts";

async function datesOf(names: readonly string[]): Promise<readonly string[]> {
  const archive = makeZip(names.map((name) => ({ name, content: new TextEncoder().encode("[]") })));
  const dates: string[] = [];
  for await (const { date } of readArchive(ReadableStream.from([archive]), "2024-02")) dates.push(date);
  return dates;
}

Deno.test("an archive's members are days of its month", async () => {
  assertEquals(archivePath("2024-02"), "trains/dumps/digitraffic-rata-trains-2024-02-01.zip");
  assertEquals(await datesOf(["2024-02-01_trains.json", "2024-02-29_trains.json"]), [
    "2024-02-01",
    "2024-02-29",
  ]);
});

Deno.test("a member with a path, of another month, of no date or of something else is refused", async () => {
  for (
    const name of [
      "../2024-02-01_trains.json",
      "/etc/passwd",
      "dumps/2024-02-01_trains.json",
      "2024-03-01_trains.json",
      "2024-02-30_trains.json",
      "2024-02-1_trains.json",
      "2024-02-01_trains.json\n",
      "2024-02-01_compositions.json",
      "folder/",
      "",
    ]
  ) await assertRejects(() => datesOf([name]), ArchiveError, "expected days such as");
});

Deno.test("a month's archive is there from the 6th of the month after", () => {
  assert(!isArchived("2024-12", Date.parse("2025-01-05T23:59:59Z")));
  assert(isArchived("2024-12", Date.parse("2025-01-06T00:00:00Z")));
  assert(!isArchived("2024-12", Date.parse("2024-12-31T00:00:00Z")));
});
