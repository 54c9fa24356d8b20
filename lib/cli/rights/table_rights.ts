/** The rights that arguments give: the folder of a table, to be written only by a verb that changes it, and `--out`. */
import { type Disk, placesOf } from "./disk.ts";
import type { Places } from "./read_places.ts";

/** The verbs that change the table. */
export const WRITING_VERBS: readonly string[] = ["checkpoint", "optimize", "restore", "vacuum"];

/** What may be done with the files of the arguments. */
interface FileRights {
  readonly read: readonly string[];
  readonly write: readonly string[];
}

/** Reads the folder; writes it for a verb that changes it; writes the file of `--out`. */
export function tableRights(places: Places, disk: Disk): FileRights {
  const { positionals: [verb = "", path], isOn } = places;
  const folder = path === undefined || path === "" ? [] : [path];
  const output = outputRights(places, disk);
  const changes = WRITING_VERBS.includes(verb) && !isOn("dry-run");
  return {
    read: [...folder, ...output.read],
    write: [...(changes ? folder : []), ...output.write],
  };
}

/** The file of `--out` and the one it is made from, which lies beside what a link leads to. */
export function outputRights({ flag }: Places, disk: Disk): FileRights {
  const out = flag("out");
  const files = out === undefined || out === "-"
    ? []
    : placesOf(out, disk).flatMap((path) => [path, `${path}.tmp`]);
  // What is there is looked at first: a folder is refused, a link followed.
  return { read: files, write: files };
}

/** The file of `--file`, to be read, and that of `--out`. */
export function questionRights(places: Places, disk: Disk): FileRights {
  const [file, { read, write }] = [places.flag("file"), outputRights(places, disk)];
  return { read: [...file === undefined ? [] : [file], ...read], write };
}

/** The file of `--out`, and beside one of CSV that with what is said of it. */
export function exportRights(places: Places, disk: Disk): FileRights {
  const [out, own] = [places.flag("out"), outputRights(places, disk)];
  const isAlone = out === undefined || out === "-" || (places.flag("format") ?? "csv") !== "csv";
  const beside = isAlone ? [] : [`${out}-metadata.json`, `${out}-metadata.json.tmp`];
  return { read: [...own.read, ...beside], write: [...own.write, ...beside] };
}
