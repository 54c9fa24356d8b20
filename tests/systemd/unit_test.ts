/** The systemd unit of the README, as systemd itself reads it. */
import { assertEquals } from "@std/assert";
import { testUnless } from "../interop/test_unless.ts";

const UNIT = new URL("../../scripts/systemd/ratalake@.service", import.meta.url);

testUnless(await whyNoSystemd(), {
  name: "systemd takes each line of the unit, and finds it well shut off",
  fn: async () => {
    const folder = await Deno.makeTempDir();
    // It asks whether the program is there.
    const unit = (await Deno.readTextFile(UNIT)).replace("/usr/local/bin/deno", Deno.execPath());
    for (const follower of ["fetch", "process"]) {
      const path = `${folder}/ratalake@${follower}.service`;
      await Deno.writeTextFile(path, unit);
      assertEquals(await analyze("verify", "--man=no", path), { success: true, said: "" });
      const { success } = await analyze("security", "--offline=true", "--threshold=30", path);
      assertEquals(success, true);
    }
    await Deno.remove(folder, { recursive: true });
  },
});

/** Undefined where the test can run. */
async function whyNoSystemd(): Promise<string | undefined> {
  try {
    return (await analyze("--version")).success ? undefined : "systemd-analyze does not run here";
  } catch {
    return "systemd-analyze is not here";
  }
}

async function analyze(
  ...args: readonly string[]
): Promise<{ readonly success: boolean; readonly said: string }> {
  const { success, stderr } = await new Deno.Command("systemd-analyze", { args: [...args] }).output();
  return { success, said: new TextDecoder().decode(stderr) };
}
