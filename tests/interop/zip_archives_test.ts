/** Archives that others have made are read as a stream: those of Python's zipfile and of Info-ZIP. */
import { assert, assertEquals } from "@std/assert";
import { readZip } from "../../lib/digitraffic/archives/read_zip.ts";
import { seededRandom } from "../../lib/simulator/seeded_random.ts";
import { concat, inPieces, isSame } from "../digitraffic/archives/pieces.ts";
import { testUnless } from "./test_unless.ts";

const DAYS = ["2024-01-01_trains.json", "2024-01-02_trains.json", "2024-01-03_trains.json"];
/** To a file, whose headers are mended; to a pipe, which has sizes after the members; with 64 bits; without compression. */
const PYTHON = `
import sys, zipfile
kind, out, *files = sys.argv[1:]
class Pipe:
    def __init__(self, file): self.file = file
    def write(self, data): return self.file.write(data)
    def flush(self): self.file.flush()
file = open(out, "wb")
method = zipfile.ZIP_STORED if kind == "stored" else zipfile.ZIP_DEFLATED
with zipfile.ZipFile(Pipe(file) if kind.startswith("pipe") else file, "w", method) as archive:
    for path in files:
        name = path.split("/")[-1]
        if kind.endswith("64"):
            with archive.open(name, "w", force_zip64=True) as member: member.write(open(path, "rb").read())
        else: archive.write(path, name)
`;
const KINDS: readonly [
  name: string,
  command: (out: string, files: readonly string[]) => readonly string[],
][] = [
  ...["file", "file64", "pipe", "pipe64", "stored"].map((kind): (typeof KINDS)[number] => [
    `Python's zipfile (${kind})`,
    (out, files) => ["python3", "-c", PYTHON, kind, out, ...files],
  ]),
  ["Info-ZIP", (out, files) => ["zip", "-qj", out, ...files]],
  ["Info-ZIP, no compression", (out, files) => ["zip", "-qj0", out, ...files]],
  [
    "Info-ZIP into a pipe",
    (out, files) => ["sh", "-c", `out=$1; shift; zip -qj - "$@" | cat > "$out"`, "sh", out, ...files],
  ],
];

async function isMissing(program: string): Promise<boolean> {
  const run = await new Deno.Command("sh", { args: ["-c", `command -v ${program}`], stdout: "null" })
    .output();
  return !run.success;
}

for (const [name, commandOf] of KINDS) {
  const [program = ""] = commandOf("", []);
  const needed = program === "sh" ? "zip" : program;
  testUnless(await isMissing(needed) ? `no ${needed}` : undefined, {
    name: `an archive of ${name} is read as it was made`,
    fn: async () => {
      const folder = await Deno.makeTempDir();
      try {
        const random = seededRandom(4);
        const contents = DAYS.map((_, at) =>
          Uint8Array.from({ length: 2 + at * 200_000 }, () => 97 + random() * 9)
        );
        const files = DAYS.map((day) => `${folder}/${day}`);
        for (const [at, file] of files.entries()) {
          await Deno.writeFile(file, contents[at] ?? new Uint8Array());
        }
        const [command = "", ...args] = commandOf(`${folder}/made.zip`, files);
        const { success, stderr } = await new Deno.Command(command, { args }).output();
        assert(success, new TextDecoder().decode(stderr));
        const archive = await Deno.readFile(`${folder}/made.zip`);
        const read: string[] = [];
        for await (const member of readZip(inPieces(archive, { random, most: 30_000 }))) {
          const content = concat(await Array.fromAsync(member.content()));
          assert(isSame(content, contents[DAYS.indexOf(member.name)]), member.name);
          read.push(member.name);
        }
        assertEquals(read, DAYS);
      } finally {
        await Deno.remove(folder, { recursive: true });
      }
    },
  });
}
