/** `deno task report` with its formats, `--out` and `--fail-on`, as real processes with the rights of these flags. */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import type { Message } from "../../lib/broker/broker.ts";
import { FIRST_ROUND_MS, makeRound } from "../pipeline/made_up_log.ts";
import { TOPIC } from "../pipeline/process_rig.ts";
import { parseCommands, parseMarkdown, parseXml } from "../report/parse_formats.ts";
import { ingestInto } from "./ingested.ts";
import { DataFolder, type Ended, runScript } from "./script_process.ts";

/** A message in quarantine is worth a look, and fails nothing. */
const BAD_MESSAGE: Message = { key: null, value: new TextEncoder().encode("no train"), headers: {} };

/** Formats whose file is looked at too: what is written is the text that would have been printed. */
const WRITTEN = ["json", "text"];

/** Ways to ask for a format; `--format` wins. */
const FLAGS: Readonly<Record<string, readonly string[]>> = {
  json: ["--json"],
  github: ["--json", "--format=github"],
};

async function processed(messages: readonly Message[]): Promise<DataFolder> {
  const folder = new DataFolder();
  await ingestInto(folder, messages);
  return folder;
}

async function report(folder: DataFolder, args: readonly string[]): Promise<Ended> {
  return await runScript("report", args, { DATA_DIR: folder.path, KAFKA_TOPIC: TOPIC });
}

Deno.test("each format is what its readers read, and a file has what standard output has", async () => {
  await using folder = await processed([...makeRound(5, 1, FIRST_ROUND_MS), BAD_MESSAGE]);
  await using elsewhere = new DataFolder();
  const readers: Readonly<Record<string, (text: string) => unknown>> = {
    json: (text) => assertEquals(JSON.parse(text).run.account.landed, 6),
    ndjson: (text) => text.split("\n").forEach((line) => JSON.parse(line)),
    junit: (text) => assertEquals(parseXml(text).attributes.failures, "0"),
    github: (text) => assertEquals(parseCommands(text).at(-1)?.command, "notice"),
    markdown: (text) => assert(parseMarkdown(text).tags.includes("table")),
    openlineage: (text) => {
      const events = text.split("\n").map((line) => JSON.parse(line));
      assertEquals(events.map(({ eventType }) => eventType), ["START", "COMPLETE"]);
      const names = events[1].inputs.map(({ name }: { readonly name: string }) => name);
      assertEquals(names, [
        `${folder.file("broker.db")}/${TOPIC}`,
        folder.file("landing_zone/trains_travel"),
        folder.file("standard_zone/trains_travel"),
      ]);
    },
    text: (text) => assertStringIncludes(text, "Accounting"),
  };
  for (const [format, read] of Object.entries(readers)) {
    const { code, out, err } = await report(folder, FLAGS[format] ?? ["--format", format]);
    assertEquals([code, err], [0, ""]);
    read(out.trimEnd());
    if (!WRITTEN.includes(format)) continue;
    const path = elsewhere.file(`report.${format}`);
    await Deno.writeTextFile(path, "what was there before, and is longer than nothing");
    const ended = await report(folder, ["--format", format, "--out", path]);
    assertEquals([ended.code, ended.out, ended.err], [0, "", ""]);
    // All but the time at which it was made.
    const withoutTime = (text: string) =>
      text.replace(/\b20\d\d-[-\dT:.]+Z|"freshnessSeconds":[\d.]+/g, "TIME");
    assertEquals(withoutTime(await Deno.readTextFile(path)), withoutTime(out));
  }
  const names = [...Deno.readDirSync(elsewhere.file(""))].map(({ name }) => name);
  assertEquals(names.toSorted(), WRITTEN.map((format) => `report.${format}`));
});

Deno.test("a file behind a link is replaced as a whole where it lies, and the link stays one", async () => {
  await using folder = await processed(makeRound(2, 1, FIRST_ROUND_MS));
  await using elsewhere = new DataFolder();
  const [link, file] = [folder.file("report.xml"), elsewhere.file("report.xml")];
  await Deno.writeTextFile(file, "before");
  await Deno.symlink(file, link);
  // Who has it open goes on reading what was there.
  using reader = await Deno.open(file);
  const { code, err } = await report(folder, ["--format=junit", "--out", link]);
  assertEquals([code, err], [0, ""]);
  parseXml(await Deno.readTextFile(file));
  assertEquals(await Deno.readLink(link), file);
  assertEquals(await new Response(reader.readable).text(), "before");
});

Deno.test("--fail-on says from which quality on the exit code is 3", async () => {
  await using folder = await processed([...makeRound(2, 1, FIRST_ROUND_MS), BAD_MESSAGE]);
  const codes = [];
  for (const failOn of ["error", "warn", "never"]) {
    codes.push((await report(folder, ["--fail-on", failOn])).code);
  }
  assertEquals(codes, [0, 3, 0]);
});

Deno.test("what cannot be written or is no format ends with 2 and leaves everything as it was", async () => {
  await using folder = await processed(makeRound(2, 1, FIRST_ROUND_MS));
  await using elsewhere = new DataFolder();
  const cases = [
    [["--format", "pdf"], 'Cannot use "--format": found "pdf", expected one of text, json'],
    [["--fail-on", "always"], 'Cannot use "--fail-on": found "always", expected one of error, warn, never'],
    [["--out", `${elsewhere.path}/no/report`], 'Cannot use "--out": found no such folder'],
    [["--out", elsewhere.path], 'Cannot use "--out": found a folder'],
    [["--out="], 'Cannot use "--out": found no value'],
  ] as const;
  for (const [args, message] of cases) {
    const { code, out, err } = await report(folder, args);
    assertEquals([code, out], [2, ""], err);
    assertStringIncludes(err, message);
  }
  assertEquals([...Deno.readDirSync(elsewhere.file(""))], []);
});
