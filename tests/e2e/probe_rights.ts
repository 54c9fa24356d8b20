/** Tries what its arguments say, such as "read /etc/passwd", and prints those that it may do. Run by rights_test.ts. */

const TRIES: Readonly<Record<string, (to: string) => unknown>> = {
  read: (to) => Deno.lstatSync(to),
  // Makes nothing: what is not there is not created.
  write: (to) => Deno.openSync(to, { write: true }).close(),
  net: async (to) => {
    const [, hostname = "", port] = /^\[?(.+?)\]?:(\d+)$/.exec(to) ?? [];
    (await Deno.connect({ hostname, port: Number(port) })).close();
  },
  listen: (to) => Deno.listen({ hostname: to, port: 0 }).close(),
  env: (to) => {
    if (Deno.env.get(to) === undefined) throw new Deno.errors.NotCapable("not there, or not to be seen");
  },
  run: (to) => new Deno.Command(to).outputSync(),
  sys: (to) => to === "hostname" ? Deno.hostname() : Deno.loadavg(),
  ffi: (to) => Deno.dlopen(to, {}).close(),
};

const allowed: string[] = [];
for (const wish of Deno.args) {
  const [kind = "", to = ""] = wish.split(/ (.*)/s);
  try {
    await TRIES[kind]?.(to);
    allowed.push(wish);
  } catch (error) {
    // Whatever else goes wrong: it was allowed to try.
    if (!(error instanceof Deno.errors.NotCapable)) allowed.push(wish);
  }
}
console.log(JSON.stringify(allowed));
