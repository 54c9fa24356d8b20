/** A store whose process has the right to its folder and to nothing above it, as the launcher gives it. */
import { assertEquals } from "@std/assert";
import { LocalStore } from "../../../lib/delta/mod.ts";

const ROOT = await Deno.makeTempDir();
const LAKE = `${ROOT}/not/there/yet/lake`;

globalThis.addEventListener("unload", () => Deno.removeSync(ROOT, { recursive: true }));

Deno.test({
  name: "a folder that is not there is made with all that is missing above it, by the right to it alone",
  permissions: { read: [LAKE], write: [LAKE] },
  async fn() {
    const store = new LocalStore(LAKE);
    await store.put("a/b.json", new TextEncoder().encode("text"));
    assertEquals(new TextDecoder().decode(await store.read("a/b.json")), "text");
  },
});
