import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";

import { openBroker } from "../../lib/broker/open_broker.ts";
import { BrokerError } from "../../lib/errors.ts";

const clock = () => 1_739_766_060_000;

Deno.test("without Kafka the embedded broker is opened", async () => {
  const folder = await Deno.makeTempDir();
  {
    await using broker = await openBroker({ path: `${folder}/broker.db`, clock });
    assertEquals(broker.label, `embedded ${folder}/broker.db`);
  }
  await Deno.remove(folder, { recursive: true });
});

Deno.test("with Kafka nothing is written, and a broker that is not there is named", async () => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  listener.close();
  const kafka = { brokers: [`127.0.0.1:${port}`], clientId: "test" };
  const open = () => openBroker({ path: "/nowhere/broker.db", kafka, clock });
  const failure = await assertRejects(open, BrokerError);
  assertStringIncludes(failure.message, `Cannot connect to Kafka "127.0.0.1:${port}": connection refused`);
  assertEquals(failure.retriable, true);
});

Deno.test("a broker address that is not host:port is refused before anything is tried", async () => {
  for (const address of ["localhost", "http://localhost:9092", "a:b", ""]) {
    const kafka = { brokers: [address], clientId: "test" };
    await assertRejects(() => openBroker({ path: "", kafka, clock }), BrokerError, "expected host:port");
  }
});

Deno.test("the embedded broker loads nothing of Kafka", async () => {
  const entry = new URL("../../lib/broker/open_broker.ts", import.meta.url).pathname;
  const args = ["info", "--json", entry];
  const { stdout } = await new Deno.Command(Deno.execPath(), { args, stdin: "null" }).output();
  const { modules } = JSON.parse(new TextDecoder().decode(stdout));
  const kafkaModule = modules.find(({ specifier }: { readonly specifier: string }) =>
    specifier === toUrl(entry)
  );
  const eager = kafkaModule.dependencies.filter(({ isDynamic }: { readonly isDynamic?: boolean }) =>
    !isDynamic
  );
  const runtime = eager.filter(({ code }: { readonly code?: unknown }) => code !== undefined);
  assertEquals(runtime.map(({ specifier }: { readonly specifier: string }) => specifier), [
    "./embedded/embedded_broker.ts",
  ]);
});

function toUrl(path: string): string {
  return new URL(path, "file:///").href;
}
