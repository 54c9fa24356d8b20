/** Tries what a reader of tables must not be able to do; prints what it could do all the same. Run by rights_test.ts. */

async function tryAll(): Promise<readonly string[]> {
  const tries: Readonly<Record<string, () => unknown>> = {
    write: () => Deno.writeTextFile("data_files/probe.txt", "written"),
    remove: () => Deno.remove("data_files/README.md"),
    "read outside": () => Deno.readTextFile("deno.json"),
    net: () => fetch("http://127.0.0.1:8099/"),
    listen: () => Deno.listen({ hostname: "127.0.0.1", port: 0 }),
    run: () => new Deno.Command("true").output(),
    env: () => Deno.env.get("HOME"),
  };
  const done: string[] = [];
  for (const [name, act] of Object.entries(tries)) {
    try {
      await act();
      done.push(name);
    } catch (error) {
      if (!(error instanceof Deno.errors.NotCapable)) done.push(`${name}: ${error}`);
    }
  }
  return done;
}

console.log(JSON.stringify(await tryAll()));
