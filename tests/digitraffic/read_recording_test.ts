import { assertEquals, assertGreater, assertRejects } from "@std/assert";
import { checkRecording, readRecording, RecordingError } from "../../lib/digitraffic/read_recording.ts";
import { splitLines } from "../../lib/digitraffic/split_lines.ts";
import { type Random, seededRandom } from "../../lib/simulator/seeded_random.ts";
import { identifyNaively, parseJson } from "../train/naive_identity.ts";

const FOLDER = Deno.makeTempDirSync();
const RIGHTS = { read: [FOLDER], write: [FOLDER] };
const utf8 = new TextEncoder();

globalThis.addEventListener("unload", () => Deno.removeSync(FOLDER, { recursive: true }));

/** One train in whatever spelling, now and then longer than what is read at once, seldom no JSON at all. */
function drawTrain(random: Random): string {
  const number = Math.floor(random() * 1000);
  const long = random() < 0.02 ? "x".repeat(Math.floor(random() * 600_000)) : "";
  const train =
    `{"trainNumber":${number},"departureDate":"2025-02-17","version":7,"a":[{"version":8},"${long}"]}`;
  const spellings = [
    ...[train, train, train, train, train],
    train.replaceAll(":", ": "),
    train.replace("{", '{"version":9,"trainNumber":1,'),
    train.replace('"a"', '"\\u0061"'),
    train.replace('"a"', '"trainNumbe\\u0072":5,"\u00e4"'),
    train.replace("2025-02-17", "17.2.2025"),
    "7",
    '"a"',
    "null",
  ];
  const spelled = spellings[Math.floor(random() * spellings.length)] ?? train;
  if (random() < 0.003) return spelled.slice(0, -1);
  return random() < 0.003 ? `${spelled},` : spelled;
}

Deno.test({
  name:
    "lines come as they stand in the file, with the trains that JSON.parse finds in them, up to the first fault",
  permissions: RIGHTS,
  fn: async () => {
    const path = `${FOLDER}/trains.ndjson`;
    const counts = { known: 0, unknown: 0, whole: 0, broken: 0 };
    for (let seed = 0; seed < 20; seed++) {
      const random = seededRandom(seed);
      const ends = ["\n", "\n", "\n", "\n", "\r\n", "\n\n", " \n", "\n\ufeff", "\n\t"];
      const lines = Array.from({ length: Math.floor(random() * 200) }, () => drawTrain(random));
      const text = lines.map((line) => line + ends[Math.floor(random() * ends.length)]).join("");
      await Deno.writeTextFile(path, random() < 0.5 ? text : text.trimEnd());
      const expected = text.split("\n").flatMap((line, index) => {
        const bytes = utf8.encode(line.replace(/^\ufeff/, "").replace(/^[ \r\t]+|[ \r\t]+$/g, ""));
        return bytes.length === 0 ? [] : [{ bytes, place: `line ${index + 1}` }];
      });
      const found = (await Array.fromAsync(readRecording(path))).flat();
      assertEquals(found.map(({ bytes, place }) => ({ bytes, place })), expected);
      for (const { bytes, identity } of found) {
        counts[identity === undefined ? "unknown" : "known"]++;
        if (identity !== undefined) assertEquals(identity, identifyNaively(bytes));
      }
      const broken = expected.find(({ bytes }) => parseJson(bytes, true) === null);
      counts[broken === undefined ? "whole" : "broken"]++;
      if (broken === undefined) await checkRecording(path);
      else {await assertRejects(
          () => checkRecording(path),
          RecordingError,
          `": ${broken.place}: found no JSON`,
        );}
    }
    for (const [what, count] of Object.entries(counts)) assertGreater(count, 5, what);
  },
});

Deno.test({
  name: "elements of an array come as they stand in the file, with the trains that JSON.parse finds in them",
  permissions: RIGHTS,
  fn: async () => {
    const path = `${FOLDER}/trains.json`;
    const counts = { known: 0, unknown: 0 };
    for (let seed = 0; seed < 20; seed++) {
      const random = seededRandom(seed);
      const elements = Array.from({ length: Math.floor(random() * 200) }, () => drawTrain(random))
        .filter((element) => parseJson(utf8.encode(element), true) !== null);
      await Deno.writeTextFile(path, `[${elements.join(random() < 0.5 ? "," : ",\n")}]`);
      const found = (await Array.fromAsync(readRecording(path))).flat();
      assertEquals(found.map(({ bytes }) => bytes), elements.map((element) => utf8.encode(element)));
      for (const { bytes, identity } of found) {
        counts[identity === undefined ? "unknown" : "known"]++;
        if (identity !== undefined) assertEquals(identity, identifyNaively(bytes));
      }
      await checkRecording(path);
    }
    for (const [what, count] of Object.entries(counts)) assertGreater(count, 100, what);
  },
});

Deno.test({
  name: "lines do not depend on how their bytes arrive",
  permissions: "none",
  fn: async () => {
    const text =
      '12345\n{"a":[1,2],"b":"c"}\n\n"\u00e4\u20ac"\r\n[1,[2],3]\ntrue \n\ufeff-7.25\n{"version":123}';
    const bytes = utf8.encode(text);
    for (let chunkBytes = 1; chunkBytes <= bytes.length; chunkBytes++) {
      const chunks = async function* () {
        for (let at = 0; at < bytes.length; at += chunkBytes) {
          yield await Promise.resolve(bytes.subarray(at, at + chunkBytes));
        }
      };
      const lines = (await Array.fromAsync(splitLines(chunks(), { maxLineBytes: 1000 }))).flat();
      assertEquals(
        lines.map((line) => `${line.number} ${new TextDecoder().decode(line.bytes)}`),
        [
          "1 12345",
          '2 {"a":[1,2],"b":"c"}',
          '4 "\u00e4\u20ac"',
          "5 [1,[2],3]",
          "6 true",
          "7 -7.25",
          '8 {"version":123}',
        ],
        `chunks of ${chunkBytes} bytes`,
      );
    }
  },
});
