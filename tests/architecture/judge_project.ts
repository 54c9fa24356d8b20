import { readImports, withoutComments } from "./read_imports.ts";

/** TypeScript files by their path from the root. */
export type Project = ReadonlyMap<string, string>;

type Layer = "script" | "walk" | "stage" | "delta" | "broker" | "word" | "rim" | "std";

/** Stages in the order of the data; equal numbers do not feed each other. */
const STAGES: Readonly<Record<string, number>> = {
  simulator: 0,
  digitraffic: 1,
  batch: 3,
  landing: 4,
  quarantine: 4,
  standard: 5,
  quality: 6,
  report: 7,
  // Beside the way of the data: looks into any table, knows no trains.
  table_verbs: 0,
};

/** Files of lib/ that everybody may use; a file of lib/ that is named nowhere here is a walk or a part of one. */
const WORDS = ["errors", "printable", "table_progress", "table_time", "train", "train_message", "version"];

/** What turns a command line into a call; beside these the folder lib/command. */
const RIM = ["config", "live_line", "logs", "progress", "settings"];

/** The one script that is no door but what all doors share. */
const SHARED_SCRIPT = "scripts/run_script.ts";

const IMPURE = /\b(?:Deno\.(?:args|env)|Date\.now|Math\.random|console\.)/;

const MAX_LINES = 400;
const MAX_DOOR_LINES = 60;

/** Every break of the rules of design section 2 and 7, one line each. */
export function judgeProject(project: Project): readonly string[] {
  return [...judgeEdges(project), ...findCycles(project), ...judgeFiles(project)];
}

function judgeEdges(project: Project): string[] {
  return [...project].filter(([path]) => isProduct(path)).flatMap(([path, source]) =>
    readImports(path, source).filter(({ to }) => to.endsWith(".ts")).flatMap(({ kind, to }) => {
      if (!project.has(to)) return [`${path} imports ${to}, which is not there`];
      const word = kind === "type" ? "the types of " : "";
      return isAllowed(path, to, kind)
        ? []
        : [`${path} (${layerOf(path)}) may not import ${word}${to} (${layerOf(to)})`];
    })
  );
}

function isProduct(path: string): boolean {
  return path.startsWith("lib/") || path.startsWith("scripts/");
}

function layerOf(path: string): Layer {
  const [top, folder = "", ...rest] = path.replace(/\.ts$/, "").split("/");
  if (top === "scripts") return "script";
  if (rest.length === 0) return WORDS.includes(folder) ? "word" : RIM.includes(folder) ? "rim" : "walk";
  if (folder === "std" || folder === "delta" || folder === "broker") return folder;
  return folder === "command" ? "rim" : "stage";
}

/** Folder of a stage, or package of std: inside it everything may use everything. */
function homeOf(path: string): string {
  return path.split("/").slice(0, layerOf(path) === "std" ? 3 : 2).join("/");
}

function isAllowed(from: string, to: string, kind: "value" | "type"): boolean {
  const [user, used] = [layerOf(from), layerOf(to)];
  if (homeOf(from) === homeOf(to)) return true;
  // The table library has one door.
  if (used === "delta" && to !== "lib/delta/mod.ts") return false;
  if (user === "stage" && used === "stage") return kind === "type" && stageOf(to) < stageOf(from);
  return (kind === "type" ? TYPES : VALUES)[user].includes(used) || VALUES[user].includes(used) ||
    isSharedWord(user, to) || (user === "script" && to.startsWith("lib/simulator/"));
}

/** Whose code a layer may call. */
const VALUES: Readonly<Record<Layer, readonly Layer[]>> = {
  script: ["script", "walk", "word", "rim", "delta", "broker"],
  walk: ["walk", "stage", "word", "delta", "broker"],
  stage: ["word", "delta", "broker"],
  delta: [],
  broker: [],
  word: ["word"],
  rim: ["rim", "word"],
  std: [],
};

/** Whose types a layer may name beyond that. */
const TYPES: Readonly<Record<Layer, readonly Layer[]>> = {
  ...VALUES,
  walk: ["rim"],
  word: ["delta", "broker"],
};

/** Errors are everybody's words, also of those who know no trains. */
function isSharedWord(user: Layer, to: string): boolean {
  return (user === "delta" || user === "broker") && to === "lib/errors.ts";
}

function stageOf(path: string): number {
  return STAGES[path.split("/")[1] ?? ""] ?? NaN;
}

/** Cycles between files, by whatever kind of import, each told once from its first file. */
function findCycles(project: Project): string[] {
  const cycles = new Set<string>();
  const done = new Set<string>();
  const visit = (path: string, trail: readonly string[]): void => {
    const at = trail.indexOf(path);
    if (at !== -1) cycles.add(`cycle: ${fromFirst(trail.slice(at)).join(" -> ")}`);
    if (at !== -1 || done.has(path)) return;
    for (const { to } of readImports(path, project.get(path) ?? "")) {
      if (project.has(to)) visit(to, [...trail, path]);
    }
    done.add(path);
  };
  for (const path of project.keys()) visit(path, []);
  return [...cycles];
}

function fromFirst(cycle: readonly string[]): readonly string[] {
  const first = cycle.indexOf([...cycle].sort()[0] ?? "");
  return [...cycle.slice(first), ...cycle.slice(0, first), cycle[first] ?? ""];
}

function judgeFiles(project: Project): string[] {
  return [...project].flatMap(([path, source]) => {
    const lines = source.trimEnd().split("\n").length;
    const most = path.startsWith("scripts/") && path !== SHARED_SCRIPT ? MAX_DOOR_LINES : MAX_LINES;
    const faults = lines > most ? [`${path} has ${lines} lines, expected at most ${most}`] : [];
    if (path.startsWith("lib/") && layerOf(path) !== "std") faults.push(...findImpure(path, source));
    if (isProduct(path) && layerOf(path) === "stage" && Number.isNaN(stageOf(path))) {
      faults.push(`${path} is in no known stage, expected one of ${Object.keys(STAGES).join(", ")}`);
    }
    return faults;
  });
}

function findImpure(path: string, source: string): string[] {
  return withoutComments(source).split("\n").flatMap((line, at) => {
    const found = IMPURE.exec(line)?.[0];
    return found === undefined ? [] : [`${path}:${at + 1} uses ${found}, expected a parameter`];
  });
}
