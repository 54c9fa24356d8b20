/** Ids of a table that do not tell which of several tables was written first: that is chance, and a repository would change by it. */

/** An id as the example's counter gives it. */
const ID = /00000000-0000-4000-8000-\d{12}/g;
const DATA_FILE = /^part-.*\.parquet$/;

/** Counts the ids of a small table of ours, those of its files and commits, anew in the order of its log. */
export async function steadyIds(folder: string): Promise<void> {
  const log = `${folder}/_delta_log`;
  const steady = new Map<string, string>();
  const renew = (id: string) => {
    const known = steady.get(id) ?? id.replace(/\d{12}$/, String(steady.size).padStart(12, "0"));
    steady.set(id, known);
    return known;
  };
  const names = (await Array.fromAsync(Deno.readDir(log), ({ name }) => name)).sort();
  for (const name of names.filter((each) => each.endsWith(".json"))) {
    const lines = (await Deno.readTextFile(`${log}/${name}`)).split("\n").map((line) => renewed(line, renew));
    await Deno.writeTextFile(`${log}/${name}`, lines.join("\n"));
  }
  await renameFiles(folder, (name) => name.replace(ID, (id) => steady.get(id) ?? id));
}

// What rows say, such as the id of a run in the bounds of a column, stays as it is.
function renewed(line: string, renew: (id: string) => string): string {
  return line.replace(
    /"(?:txnId|path)":"[^"]*"|"metaData":\{"id":"[^"]*"/g,
    (part) => part.replace(ID, renew),
  );
}

// By a name that no other file has: two may change places.
async function renameFiles(folder: string, newName: (name: string) => string): Promise<void> {
  const files = await Array.fromAsync(dataFiles(folder));
  for (const { place, name } of files) await Deno.rename(`${place}/${name}`, `${place}/${name}.old`);
  for (const { place, name } of files) await Deno.rename(`${place}/${name}.old`, `${place}/${newName(name)}`);
}

async function* dataFiles(place: string): AsyncGenerator<{ readonly place: string; readonly name: string }> {
  for await (const { name, isDirectory } of Deno.readDir(place)) {
    if (isDirectory) yield* dataFiles(`${place}/${name}`);
    else if (DATA_FILE.test(name)) yield { place, name };
  }
}
