/** The demo's folder, for one demo at a time; part of the host, as it empties and locks a folder. */
import { UsageError } from "../../../lib/errors.ts";

/** How people look into the tables of a folder that a demo has filled. */
export function waysIn(folder: string): string {
  const table = `${folder}/standard_zone/trains_travel`;
  return `Open the tables:
  polars  pl.read_delta("${table}")
  DuckDB  SELECT * FROM delta_scan('${table}')
  Spark   spark.read.format("delta").load("${table}")
Make a page of it, and open that:
  deno task report --data-dir ${folder} --format html --out report.html`;
}

/**
 * Empties the folder and keeps it for this process: the lock goes when the process ends, however it ends.
 *
 * @throws {UsageError} when another demo is at work in it
 */
export async function takeDemoFolder(folder: string): Promise<Disposable> {
  await Deno.mkdir(folder, { recursive: true });
  const lock = await Deno.open(`${folder}/demo.lock`, { read: true, write: true, create: true });
  if (!await lock.tryLock(true)) {
    lock.close();
    throw new UsageError([
      `Cannot run the demo in "${folder}": found another demo at work there, expected to be the only one`,
    ]);
  }
  for await (const { name } of Deno.readDir(folder)) {
    if (name !== "demo.lock") await Deno.remove(`${folder}/${name}`, { recursive: true });
  }
  return lock;
}
