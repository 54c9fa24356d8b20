/** Which files, folders and hosts a script may use with these settings; the rest of its rights never changes. */
import { type Disk, placesOf } from "./disk.ts";
import { folderOf, isInside } from "./paths.ts";
import { hostPortOf, hostsOf, isHostPort } from "./hosts.ts";
import { type Places, readPlaces, type ScriptCall } from "./read_places.ts";
import { exportRights, outputRights, questionRights, tableRights } from "./table_rights.ts";
import type { ScriptEntry } from "./script_table.ts";

/** Places by what may be done with them, as Deno's flags take them. */
export interface Rights {
  readonly read: readonly string[];
  readonly write: readonly string[];
  readonly net: readonly string[];
}

/** The tables of `fetch --metadata`, as lib/tables/table_paths.ts has them; a test holds both to each other. */
export const METADATA_ZONE = "standard_zone";
export const METADATA_TABLES = [
  "stations",
  "operators",
  "train_types",
  "train_categories",
  "causes",
] as const;

/** The folder of the tables when nothing else is said. */
export const DEFAULT_DATA_DIR = "data_files";
const DEFAULT_API = "https://rata.digitraffic.fi/api/v1";
const DEFAULT_MQTT = "wss://rata.digitraffic.fi/mqtt";
const LOOPBACK = "127.0.0.1";
const DEFAULT_PORT = "8088", DEFAULT_SITE_PORT = "8090";

/** The rights that follow from a command line. */
export function planRights(entry: ScriptEntry, call: ScriptCall, disk: Disk): Rights {
  const given = readPlaces(entry, call);
  const scene = { places: given, disk };
  const isMetadata = entry.uses === "metadata" && given.isOn("metadata");
  const all = isMetadata ? [metadataRights(scene), apiRights(entry, given)] : [
    dataRights(entry, given),
    brokerRights(entry, scene),
    stateRights(entry, scene),
    apiRights(entry, given),
    mqttRights(given),
    argumentRights(entry, { places: given, disk }),
  ];
  const united = (kind: keyof Rights) => [...new Set(all.flatMap((rights) => rights[kind] ?? []))];
  const places = (
    kind: "read" | "write",
  ) => [...new Set(united(kind).flatMap((path) => placesOf(path, disk)))];
  return { read: places("read"), write: places("write"), net: united("net") };
}

type SomeRights = Partial<Rights>;

interface Scene {
  readonly places: Places;
  readonly disk: Disk;
}

function dataRights(entry: ScriptEntry, { settings }: Places): SomeRights {
  return entry.settings.includes("tables") ? own(entry, [dataDirOf(settings)]) : {};
}

/** Kafka's hosts and CA file, or the embedded broker's file where it lies outside of the data folder. */
function brokerRights(entry: ScriptEntry, { places: { settings }, disk }: Scene): SomeRights {
  if (!entry.settings.includes("broker")) return {};
  const { BROKER_FILE: file, KAFKA_BROKER: brokers, KAFKA_CA_FILE: authority } = settings;
  if (brokers !== undefined) {
    if (entry.isOffline) return {};
    return { net: hostsOf(brokers), read: authority === undefined ? [] : [authority] };
  }
  if (file === undefined) return {};
  const companions = [`${file}-wal`, `${file}-shm`];
  return fileRights(entry, file, { companions, dataDir: dataDirOf(settings), disk });
}

function stateRights(entry: ScriptEntry, { places: { settings, isOn }, disk }: Scene): SomeRights {
  const { STATE_FILE: file } = settings;
  if (file === undefined) return {};
  const scene = { dataDir: dataDirOf(settings), disk };
  if (entry.readsState === true) {
    return { read: fileRights(entry, file, { ...scene, companions: [] }).read ?? [] };
  }
  // Written beside, and renamed; followers hold a lock.
  const companions = [`${file}.tmp`, ...(isOn("follow") || isOn("mqtt") ? [`${file}.lock`] : [])];
  return fileRights(entry, file, { ...scene, companions });
}

function apiRights(
  entry: ScriptEntry,
  { settings: { DIGITRAFFIC_URL: url = DEFAULT_API } }: Places,
): SomeRights {
  const host = entry.settings.includes("digitraffic") ? hostPortOf(url) : undefined;
  return host === undefined ? {} : { net: [host] };
}

function mqttRights({ isOn, settings: { MQTT_URL: url = DEFAULT_MQTT } }: Places): SomeRights {
  const host = isOn("mqtt") ? hostPortOf(url) : undefined;
  return host === undefined ? {} : { net: [host] };
}

/** No broker, no state, and of the lake the tables that it fills: where their folder is missing, that folder. */
function metadataRights({ places: { settings }, disk }: Scene): SomeRights {
  const dataDir = dataDirOf(settings);
  const zone = `${dataDir}/${METADATA_ZONE}`;
  const missing = [dataDir, zone].find((folder) => !disk.isFolder(folder));
  const tables = METADATA_TABLES.map((name) => `${zone}/${name}`);
  return { read: [dataDir], write: missing === undefined ? tables : [missing] };
}

function argumentRights({ uses }: ScriptEntry, { places, disk }: Scene): SomeRights {
  switch (uses) {
    case "port":
      return { net: [places.flag("port") ?? DEFAULT_PORT, places.flag("mqtt-port")].flatMap(loopbackPort) };
    case "site":
      return portRights(places.flag("port") ?? DEFAULT_SITE_PORT, places.flag("host") ?? LOOPBACK);
    case "recordings":
      return { read: places.positionals.map(folderToList) };
    case "replay":
      return { write: changesTables(places) ? [dataDirOf(places.settings)] : [] };
    case "table":
      return tableRights(places, disk);
    case "output":
      return outputRights(places, disk);
    case "export":
      return exportRights(places, disk);
    case "question":
      return questionRights(places, disk);
    default:
      return {};
  }
}

/** Of the verbs of `deno task quarantine` one writes, where it is meant. */
function changesTables({ positionals: [verb], isOn }: Places): boolean {
  return verb === "replay" && !isOn("dry-run");
}

function loopbackPort(port: string | undefined): readonly string[] {
  return port === undefined ? [] : portRights(port, LOOPBACK).net ?? [];
}

/** To listen there; port 0 is any that is free. */
function portRights(port: string, host: string): SomeRights {
  const place = `${host}:${port}`;
  return isHostPort(place) || (port === "0" && isHostPort(`${host}:1`)) ? { net: [place] } : {};
}

/** What a script may do with its own files. */
function own({ writes }: ScriptEntry, paths: readonly string[]): SomeRights {
  return { read: paths, write: writes ? paths : [] };
}

function dataDirOf({ DATA_DIR: folder = DEFAULT_DATA_DIR }: Places["settings"]): string {
  return folder.replace(/(?<=.)\/+$/, "");
}

interface FileScene {
  readonly dataDir: string;
  readonly disk: Disk;
  /** Files that come and go beside it. */
  readonly companions: readonly string[];
}

/** The file alone; to write with a folder that is not there yet, that folder, which has nothing else in it. */
function fileRights(
  { writes }: ScriptEntry,
  path: string,
  { dataDir, disk, companions }: FileScene,
): SomeRights {
  if (isInside(path, dataDir)) return {};
  const files = [path, ...companions];
  const folder = folderOf(path);
  const written = folder === "." || disk.isFolder(folder) ? files : [folder];
  return { read: files, write: writes ? written : [] };
}

/** A recording, or the folder in which a pattern begins to need its names. */
function folderToList(pattern: string): string {
  const star = pattern.indexOf("*");
  if (star === -1) return pattern;
  const slash = pattern.lastIndexOf("/", star);
  return slash === -1 ? "." : pattern.slice(0, slash) || "/";
}
