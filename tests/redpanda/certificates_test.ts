/** Runs redpanda/tls/make_certificates.sh and speaks TLS with what it made. Needs openssl and says so without it. */
import { assertEquals, assertRejects } from "@std/assert";

const SCRIPT = new URL("../../redpanda/tls/make_certificates.sh", import.meta.url);

async function hasOpenssl(): Promise<boolean> {
  try {
    return (await new Deno.Command("openssl", { args: ["version"], stdout: "null" }).output()).success;
  } catch {
    console.warn("skipped: the certificates, because there is no openssl here");
    return false;
  }
}

Deno.test({
  name: "a client that trusts the authority reaches the broker by name and by address, and others do not",
  permissions: { run: ["sh", "openssl"], read: true, write: true, net: ["127.0.0.1", "localhost"] },
  async fn() {
    if (!await hasOpenssl()) return;
    const folder = await Deno.makeTempDir();
    try {
      const made = await new Deno.Command("sh", { args: [SCRIPT.pathname, folder], stderr: "null" }).output();
      assertEquals(made.code, 0);
      const [cert, key, authority] = await Promise.all(
        ["broker.crt", "broker.key", "ca.crt"].map((name) => Deno.readTextFile(`${folder}/${name}`)),
      );
      using listener = Deno.listenTls({ hostname: "127.0.0.1", port: 0, cert: cert ?? "", key: key ?? "" });
      for (const hostname of ["127.0.0.1", "localhost"]) {
        assertEquals(await greet(listener, { hostname, caCerts: [authority ?? ""] }), "hello");
      }
      await assertRejects(() => greet(listener, { hostname: "127.0.0.1", caCerts: [] }));
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});

Deno.test({
  name: "the container's user can read what the broker needs, others no key, and nobody the authority's key",
  permissions: { run: ["sh", "openssl", "setpriv", "id"], read: true, write: true },
  // Only root can look with the eyes of others.
  ignore: Deno.uid() !== 0,
  async fn() {
    if (!await hasOpenssl()) return;
    const folder = await Deno.makeTempDir();
    try {
      await Deno.chmod(folder, 0o755);
      // As an older script has left it.
      await Deno.mkdir(`${folder}/certs`, { mode: 0o700 });
      const args = [SCRIPT.pathname, `${folder}/certs`];
      assertEquals((await new Deno.Command("sh", { args, stderr: "null" }).output()).code, 0);
      const files = ["broker.crt", "broker.key", "ca.crt", "ca.key"];
      const readableBy = async (user: number) => {
        const script = files.map((file) => `cat '${folder}/certs/${file}' >/dev/null 2>&1 && echo ${file}; `)
          .join("");
        const as = ["--reuid", `${user}`, "--regid", `${user}`, "--clear-groups", "sh", "-c", script];
        const { stdout } = await new Deno.Command("setpriv", { args: as }).output();
        return new TextDecoder().decode(stdout).trim().split("\n");
      };
      assertEquals(await readableBy(101), ["broker.crt", "broker.key", "ca.crt"]);
      assertEquals(await readableBy(65_534), ["broker.crt", "ca.crt"]);
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});

/** Connects, and resolves to what the server sent. */
async function greet(
  listener: Deno.TlsListener,
  client: { readonly hostname: string; readonly caCerts: string[] },
) {
  const { port } = listener.addr;
  const [received] = await Promise.allSettled([receive({ ...client, port }), answer(listener)]);
  if (received.status === "rejected") throw received.reason;
  return received.value;
}

async function receive(options: Deno.ConnectTlsOptions): Promise<string> {
  using connection = await Deno.connectTls(options);
  return await new Response(connection.readable).text();
}

async function answer(listener: Deno.TlsListener): Promise<void> {
  const connection = await listener.accept();
  try {
    await connection.write(new TextEncoder().encode("hello"));
    await connection.closeWrite();
  } catch {
    // A client that does not trust us hangs up during the handshake; it is the one that tells.
  } finally {
    connection.close();
  }
}
