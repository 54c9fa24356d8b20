/** Runs redpanda/create_topics.sh against a stand-in for rpk that writes down its arguments. */
import { assertEquals } from "@std/assert";

const ROOT = new URL("../../", import.meta.url);
const SCRIPT = new URL("redpanda/create_topics.sh", ROOT);
const RIGHTS: Deno.PermissionOptions = { run: ["sh"], read: true, write: true, env: ["PATH"] };

const RPK = `#!/bin/sh
echo "$*" >> "$RPK_LOG"
if [ "$2" = list ]; then printf 'NAME         PARTITIONS  REPLICAS\\n%s  3  1\\n' "$RPK_TOPIC"; fi
if [ "$2" = create ] && [ -n "$RPK_FAILS" ]; then exit 1; fi
`;

interface Cluster {
  /** The one topic that is there. */
  readonly topic: string;
  readonly fails?: boolean;
}

/** Exit code, and each call of rpk as one line. */
async function createTopics(files: Readonly<Record<string, string>>, { topic, fails = false }: Cluster) {
  const folder = await Deno.makeTempDir();
  try {
    await Deno.mkdir(`${folder}/topics`);
    for (const [name, text] of Object.entries(files)) {
      await Deno.writeTextFile(`${folder}/topics/${name}`, text);
    }
    await Deno.writeTextFile(`${folder}/rpk`, RPK, { mode: 0o755 });
    const { code } = await new Deno.Command("sh", {
      args: [SCRIPT.pathname, `${folder}/topics`],
      env: {
        PATH: `${folder}:${Deno.env.get("PATH")}`,
        RPK_LOG: `${folder}/log`,
        RPK_TOPIC: topic,
        RPK_FAILS: fails ? "yes" : "",
      },
    }).output();
    return { code, calls: (await Deno.readTextFile(`${folder}/log`)).trim().split("\n") };
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

const TRAINS = `# A comment: with a colon
partitions: 3
replicas: 1

cleanup.policy: "delete"   # why
max.message.bytes: 1048576
retention.bytes: -1
`;

Deno.test({
  name: "a missing topic is created with its partitions and settings",
  permissions: RIGHTS,
  ignore: Deno.build.os === "windows",
  async fn() {
    const { code, calls } = await createTopics({ "my.trains.yaml": TRAINS }, { topic: "my-trains" });
    assertEquals([code, calls], [0, [
      "topic list",
      "topic create my.trains --partitions 3 --replicas 1 --topic-config cleanup.policy=delete " +
      "--topic-config max.message.bytes=1048576 --topic-config retention.bytes=-1",
    ]]);
  },
});

Deno.test({
  name: "a topic that is there gets its settings and keeps its partitions",
  permissions: RIGHTS,
  ignore: Deno.build.os === "windows",
  async fn() {
    const { code, calls } = await createTopics({ "trains.yaml": TRAINS }, { topic: "trains" });
    assertEquals([code, calls], [0, [
      "topic list",
      "topic alter-config trains --set cleanup.policy=delete --set max.message.bytes=1048576 " +
      "--set retention.bytes=-1",
    ]]);
  },
});

Deno.test({
  name: "a topic that cannot be created fails the script",
  permissions: RIGHTS,
  ignore: Deno.build.os === "windows",
  async fn() {
    const { code } = await createTopics({ "trains.yaml": TRAINS }, { topic: "other", fails: true });
    assertEquals(code, 1);
  },
});
