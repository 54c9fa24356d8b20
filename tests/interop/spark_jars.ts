/** The jars that let PySpark read Delta tables; they come through Maven. */

const CACHE = new URL("../../.cache/spark/", import.meta.url).pathname;
const POM = new URL("./spark/pom.xml", import.meta.url).pathname;

/** Why Spark cannot be started here; undefined when it can. In CI it must be possible. */
export async function whyNoSpark(): Promise<string | undefined> {
  for (const [command, flag] of [["java", "-version"], ["mvn", "-version"]] as const) {
    const reason = await run(command, [flag]).then(() => undefined, (cause: Error) => cause.message);
    if (reason === undefined) continue;
    if (Deno.env.get("CI") === "true") throw new Error(`The Spark test is required in CI, but ${reason}`);
    return reason;
  }
  return undefined;
}

/** The folder of the jars, fetched when it is not there yet. */
export async function fetchSparkJars(): Promise<string> {
  const libs = `${CACHE}libs`;
  if (await isThere(libs)) return libs;
  await Deno.mkdir(CACHE, { recursive: true });
  const fresh = await Deno.makeTempDir({ dir: CACHE, prefix: "libs-" });
  const goal = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies";
  await run("mvn", ["-q", "-B", "-f", POM, goal, "-DincludeScope=runtime", `-DoutputDirectory=${fresh}`]);
  // Renamed when whole, so that a broken download is never used.
  await Deno.rename(fresh, libs);
  return libs;
}

async function isThere(path: string): Promise<boolean> {
  try {
    return (await Deno.stat(path)).isDirectory;
  } catch (cause) {
    if (cause instanceof Deno.errors.NotFound) return false;
    throw cause;
  }
}

async function run(command: string, args: readonly string[]): Promise<void> {
  const { code, stdout, stderr } = await new Deno.Command(command, { args: [...args], stdin: "null" })
    .output();
  if (code === 0) return;
  const said = [stderr, stdout].map((bytes) => new TextDecoder().decode(bytes).slice(-1000)).join("");
  throw new Error(`${command} ended with ${code}: ${said}`);
}
