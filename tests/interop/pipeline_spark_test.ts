import { assertEquals, assertGreater } from "@std/assert";
import { openBroker } from "../../lib/broker/open_broker.ts";
import { compareRows } from "./compare_rows.ts";
import { makePipelineFolder, type TableName } from "./pipeline_folder.ts";
import { runPython, whyNoPython } from "./python_venv.ts";
import { fetchSparkJars, whyNoSpark } from "./spark_jars.ts";
import { TABLE_KEYS, TABLE_NAMES } from "./table_keys.ts";
import { publishBadMessages, publishNewerTrains, publishTrains } from "./trains_input.ts";
import { testUnless } from "./test_unless.ts";

const NOW = Date.UTC(2025, 1, 17, 4, 21);
const reason = await whyNoPython(["pyspark", "pyarrow"]) ?? await whyNoSpark();

testUnless(reason, {
  name: "Apache Spark reads the same rows from every table",
  fn: async (t) => {
    const jars = await fetchSparkJars();
    await using folder = await makePipelineFolder();
    await publishTrains(folder);
    {
      await using broker = await openBroker({ path: `${folder.path}/broker.db`, clock: () => NOW });
      await publishBadMessages(broker);
    }
    await folder.print("process", []);
    await publishNewerTrains(folder);
    await folder.print("process", []);
    const output = `${folder.path}/read`;
    await Deno.mkdir(output);
    const read = await runPython<Readings>("read_with_spark.py", [folder.path, output, jars]);
    for (const name of TABLE_NAMES) {
      await t.step(`the table ${name}`, async () => {
        const ours = await folder.rows(name);
        assertGreater(ours.length, 0);
        assertEquals(read[name].count, ours.length);
        const lines = (await Deno.readTextFile(`${output}/${name}.ndjson`)).trimEnd().split("\n");
        const theirs = lines.map((line) => JSON.parse(line));
        assertEquals(compareRows(ours, theirs, { key: TABLE_KEYS[name] }), []);
      });
    }
  },
});

type Readings = Readonly<Record<TableName, { readonly count: number }>>;
