import { assertEquals } from "@std/assert";
import { hash } from "node:crypto";
import { serveSimulator } from "../../lib/simulator/serve_simulator.ts";
import { runPython, whyNoPython } from "./python_venv.ts";
import { testUnless } from "./test_unless.ts";

const GZIP = { headers: { "Accept-Encoding": "gzip" } };

/** What Python says of a member. */
interface Member {
  readonly sha256: string;
  readonly date: readonly number[];
  readonly trains: number;
  readonly deflated: boolean;
}

testUnless(await whyNoPython(["zipfile"]), {
  name: "Python's zipfile reads a simulated monthly archive: each member is what its date answers",
  fn: async () => {
    await using server = serveSimulator({
      seed: 2,
      trains: 20,
      world: {},
      clock: () => Date.parse("2026-04-05T00:00:00+03:00"),
    });
    const path = await Deno.makeTempFile({ suffix: ".zip" });
    try {
      const name = "trains/dumps/digitraffic-rata-trains-2026-03-01.zip";
      const response = await fetch(`${server.url}/${name}`, GZIP);
      await Deno.writeFile(path, await response.bytes());
      const members = await runPython<Readonly<Record<string, Member>>>("read_archive.py", [path]);
      assertEquals(Object.keys(members).length, 31);
      for (const [member, found] of Object.entries(members)) {
        const answer = await fetch(`${server.url}/trains/${member.slice(0, 10)}`, GZIP);
        const body = await answer.text();
        const trains = JSON.parse(body).length;
        assertEquals(found, { sha256: hash("sha256", body), date: [2026, 4, 5], trains, deflated: true });
      }
    } finally {
      await Deno.remove(path);
    }
  },
});
