import { assertEquals, assertRejects } from "@std/assert";
import { EventStream } from "../../lib/live/event_stream.ts";

Deno.test("a browser that does not read is let go, with all that waits for it", async () => {
  let ends = 0;
  const stream = new EventStream(() => ends++);
  const html = "x".repeat(1_000_000);
  for (let sent = 0; sent < 20; sent++) stream.send("line", { html });
  assertEquals(ends, 1);
  await assertRejects(() => new Response(stream.body).text(), Error, "too slowly");
  stream.close();
  assertEquals(ends, 1);
});
