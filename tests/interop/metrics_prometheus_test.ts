/** The metrics of the live page as Prometheus' own client library for Python reads them. */
import { assert, assertEquals } from "@std/assert";
import { metricsText } from "../../lib/live/metrics.ts";
import { madeHeartbeat, madeTrain, madeView } from "../live/made_view.ts";
import { runPython, whyNoPython } from "./python_venv.ts";
import { testUnless } from "./test_unless.ts";

type Sample = readonly [name: string, labels: Readonly<Record<string, string>>, value: number];
type Family = readonly [name: string, type: string, samples: readonly Sample[]];

const ROLES = ["fetch", "process", "backfill"] as const;

testUnless(await whyNoPython(["prometheus_client"]), {
  name: "Prometheus' client library reads each figure of each follower back, whatever the figure is called",
  fn: async () => {
    const counts = { messages: 900, commitRetries: 0, "odd name\n": 2 ** 53, 'q"{}\\ # TYPE': 1.5 };
    const gauges = { lagOffsets: 3, "å": -7, tiny: 5e-324 };
    const followers = ROLES.map((role) => madeHeartbeat({ role, counts, gauges }));
    const dimension = 'a "dimension"\\\nå';
    const quality = { generatedAtMs: 0, passed: true, scores: [{ dimension, score: 99.5 }] };
    const text = await metricsText(madeView([madeTrain(1)], { followers, quality, rejected: 12 }), 2);

    const families = await read(text);
    assertEquals(new Set(families.map(([name]) => name)).size, families.length);
    const samples = families.flatMap((family) => family[2]);
    assertEquals(samples.length, text.split("\n").filter((line) => /^[^#]/.test(line)).length);
    for (const role of ROLES) {
      const valuesOf = (type: string) =>
        families.filter((family) => family[1] === type).flatMap((family) => family[2])
          .filter(([, labels]) => labels.role === role).map(([, , value]) => value).sort((a, b) => a - b);
      assertEquals(valuesOf("counter"), Object.values(counts).sort((a, b) => a - b));
      for (const value of Object.values(gauges)) assert(valuesOf("gauge").includes(value), `${value}`);
    }
    const valueOf = (wanted: string) => samples.find(([name]) => name === wanted)?.slice(1);
    assertEquals(valueOf("ratalake_quality_score"), [{ dimension }, 99.5]);
    assertEquals(valueOf("ratalake_rejected_messages"), [{}, 12]);
    assertEquals(valueOf("ratalake_live_pages"), [{}, 2]);
  },
});

async function read(text: string): Promise<readonly Family[]> {
  const path = await Deno.makeTempFile({ prefix: "ratalake-metrics-", suffix: ".txt" });
  try {
    await Deno.writeTextFile(path, text);
    return await runPython<readonly Family[]>("read_metrics.py", [path]);
  } finally {
    await Deno.remove(path);
  }
}
