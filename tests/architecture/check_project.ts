/** Every break of the rules of design sections 2 and 7 that can be read from the files themselves. */
import { ALLOWED_EDGES, DELTA_ORDER, ENTRY_FILES } from "./allowed_edges.ts";
import { type Import, readImports, withoutComments } from "./read_imports.ts";

/** TypeScript files by their path from the root. */
export type Project = ReadonlyMap<string, string>;

/** One import of a file of the project. */
interface Edge {
  readonly from: string;
  readonly to: string;
  readonly kind: Import["kind"];
}

/** What code of some files may not use. */
interface Ban {
  readonly isIn: (path: string) => boolean;
  readonly pattern: RegExp;
  readonly expected: string;
}

/** The script that is no entry point but the process around all of them. */
const HOST_SCRIPT = "scripts/host/run_script.ts";
/** Where a caller of the table library who gives no clock and no ids gets them: its one look at the outside. */
const LIBRARY_DOOR = "lib/delta/host_context.ts";
/** What a browser starts with: there is no script before it. */
const BROWSER_ENTRY = "lib/live/client/live_client.ts";
/** Where native code writes to a path of the disk: one that the store has made, below its own folder. */
const NATIVE_WRITER = "lib/delta/write/stage_frame.ts";
const BANNED: readonly Ban[] = [
  {
    // Deno's rights do not reach into native code: whatever path it gets, it may read and write there.
    isIn: (path) => path.startsWith("lib/") && path !== NATIVE_WRITER,
    pattern: /\.(?:(?:write|sink)(?:Parquet|IPC|CSV|Avro|JSON)\((?!\s*[){])|scan(?:Parquet|IPC|CSV|Json)\()/,
    expected: "bytes, as native code gets no path but the one that stage_frame.ts has from the store",
  },
  {
    isIn: (path) =>
      path.startsWith("lib/") && !path.startsWith("lib/std/") && path !== LIBRARY_DOOR &&
      path !== BROWSER_ENTRY,
    pattern: /\b(?:Deno\.(?:args|env)|Date\.now|Math\.random|console\.)/,
    expected: "a parameter",
  },
  {
    // A store of another kind has no errors of the system.
    isIn: (path) => path.startsWith("lib/delta/") && !path.startsWith("lib/delta/store/"),
    pattern: /\bDeno\.errors\b/,
    expected: "the library's own error",
  },
  {
    // Statistics are optional, may be damaged, and are widened where writers round.
    isIn: (path) => path.startsWith("lib/") && !path.startsWith("lib/delta/stats/"),
    pattern: /JSON\.parse\([^)]*\bstats\b/,
    expected: "columnBounds, statsRows or DeltaTable.countRows",
  },
  {
    // The classes of one runtime: `systemFault` asks by code and name, which `node:` modules share.
    isIn: (path) => path.startsWith("lib/") && !path.startsWith("lib/delta/"),
    pattern: /\bDeno\.errors\b/,
    expected: "systemFault of lib/errors.ts",
  },
  {
    // Beyond some 100,000 arguments a call ends in "Maximum call stack size exceeded".
    isIn: (path) => path.startsWith("lib/") || path.startsWith("scripts/"),
    pattern:
      /(?:\.(?:push|unshift|splice|concat)|Math\.(?:max|min|hypot)|fromCharCode|fromCodePoint)\((?:[^[\](){}]*,\s*)?\.{3}/,
    expected: "a loop or reduce, since an array may have more elements than a call takes arguments",
  },
];
const MAX_LINES = 400;
const MAX_SCRIPT_LINES = 60;
const MAX_FOLDER_FILES = 26;
/** More would make lib/ a hall again. */
const MAX_LOOSE_FILES = 3;

/** One line per break. */
export function checkProject(project: Project): readonly string[] {
  const edges = edgesOf(project);
  return [
    ...edges.flatMap((edge) => checkEdge(edge, project)),
    ...findCycles(fileGraph(edges)),
    ...findCycles(folderGraph(edges)),
    ...checkFolders(project),
    ...checkPackages(project),
    ...[...project].flatMap(([path, source]) => checkFile(path, source)),
  ];
}

/** Deno takes a lock on node_modules for each file that imports a package, at every start. */
function checkPackages(project: Project): readonly string[] {
  const imports = [...project].filter(([path]) => isProduct(path)).flatMap(([path, source]) =>
    readImports(path, source).filter(({ kind, to }) => kind === "value" && isPackage(to)).map(({ to }) => ({
      path,
      to,
    }))
  );
  return [...Map.groupBy(imports, ({ to }) => to)].flatMap(([to, users]) => {
    const files = [...new Set(users.map(({ path }) => path))];
    return files.length < 2
      ? []
      : [`${files.join(", ")} import ${to}, expected one file of lib/packages to do so`];
  });
}

function isPackage(to: string): boolean {
  return !/\.(?:ts|json)$|^node:|^@std\//.test(to);
}

function edgesOf(project: Project): readonly Edge[] {
  return [...project].flatMap(([from, source]) =>
    readImports(from, source).filter(({ to }) => to.endsWith(".ts")).map(({ to, kind }) => ({
      from,
      to,
      kind,
    }))
  );
}

function checkEdge({ from, to, kind }: Edge, project: Project): readonly string[] {
  if (!isProduct(from)) return [];
  if (!project.has(to)) return [`${from} imports ${to}, which is not there`];
  if (isUpInDelta(from, to)) return [`${from} may not import ${to}: it lies above`];
  const [user, used] = [roomOf(from), roomOf(to)];
  if (user === used || used === "lib/packages") return [];
  const { calls, types = [] } = ALLOWED_EDGES[user] ?? { calls: [] };
  const isEntry = ENTRY_FILES[used]?.includes(to) ?? true;
  if (isEntry && (calls.includes(used) || (kind === "type" && types.includes(used)))) return [];
  return [`${from} may not import ${kind === "type" ? "the types of " : ""}${to}`];
}

/** The folder of the table that a file belongs to, which may be above its own. */
function roomOf(path: string): string {
  const folders = path.split("/").slice(0, -1);
  while (folders.length > 1 && ALLOWED_EDGES[folders.join("/")] === undefined) folders.pop();
  return folders.join("/");
}

/** errors.ts is before all folders of lib/delta, the files that others may import are after them. */
function isUpInDelta(from: string, to: string): boolean {
  const place = (path: string) => DELTA_ORDER.indexOf(path.split("/")[2] ?? "");
  const isInside = from.startsWith("lib/delta/") && to.startsWith("lib/delta/");
  const entries = ENTRY_FILES["lib/delta"] ?? [];
  if (!isInside || entries.includes(from)) return false;
  return entries.includes(to) || place(to) > place(from);
}

/** What each node leads to. */
type Graph = ReadonlyMap<string, ReadonlySet<string>>;

function fileGraph(edges: readonly Edge[]): Graph {
  return graphOf(edges.map(({ from, to }) => [from, to]));
}

/** Folders as nodes, with what stands directly beside two folders as nodes of its own. */
function folderGraph(edges: readonly Edge[]): Graph {
  const pairs = edges.filter(({ from, to }) => isProduct(from) && isProduct(to)).map(({ from, to }) =>
    partWays(from, to)
  );
  return graphOf(pairs.filter(([from, to]) => !(from.endsWith(".ts") && to.endsWith(".ts"))));
}

/** The two folders (or files) at which the ways to two files part. */
function partWays(a: string, b: string): readonly [string, string] {
  const [first, second] = [a.split("/"), b.split("/")];
  let depth = 0;
  while (first[depth] === second[depth] && depth < first.length) depth++;
  return [first.slice(0, depth + 1).join("/"), second.slice(0, depth + 1).join("/")];
}

function graphOf(pairs: readonly (readonly [string, string])[]): Graph {
  const graph = new Map<string, Set<string>>();
  for (const [from, to] of pairs) graph.set(from, (graph.get(from) ?? new Set()).add(to));
  return graph;
}

/** Cycles by whatever kind of import, each reported once from its first node. */
function findCycles(graph: Graph): readonly string[] {
  const cycles = new Set<string>();
  const done = new Set<string>();
  const visit = (node: string, trail: readonly string[]): void => {
    const at = trail.indexOf(node);
    if (at !== -1) cycles.add(`cycle: ${fromFirst(trail.slice(at)).join(" -> ")}`);
    if (at !== -1 || done.has(node)) return;
    for (const next of graph.get(node) ?? []) visit(next, [...trail, node]);
    done.add(node);
  };
  for (const node of graph.keys()) visit(node, []);
  return [...cycles];
}

function fromFirst(cycle: readonly string[]): readonly string[] {
  const first = cycle.indexOf([...cycle].sort()[0] ?? "");
  return [...cycle.slice(first), ...cycle.slice(0, first), cycle[first] ?? ""];
}

function checkFolders(project: Project): readonly string[] {
  const folders = Map.groupBy(
    [...project.keys()].filter(isProduct),
    (path) => path.slice(0, path.lastIndexOf("/")),
  );
  return [...folders].flatMap(([folder, files]) => {
    const most = folder === "lib" ? MAX_LOOSE_FILES : MAX_FOLDER_FILES;
    const faults = files.length > most
      ? [`${folder} has ${files.length} files, expected at most ${most}`]
      : [];
    const isKnown = folder === "lib" || roomOf(`${folder}/x.ts`) !== "lib";
    const isOrdered = !folder.startsWith("lib/delta/") ||
      DELTA_ORDER.includes(folder.slice("lib/delta/".length));
    return isKnown && isOrdered
      ? faults
      : [...faults, `${folder} is in no table of tests/architecture/allowed_edges.ts`];
  });
}

function checkFile(path: string, source: string): readonly string[] {
  const lines = source.trimEnd().split("\n").length;
  const isScript = path.startsWith("scripts/") && path !== HOST_SCRIPT;
  const most = isScript ? MAX_SCRIPT_LINES : MAX_LINES;
  const faults = lines > most ? [`${path} has ${lines} lines, expected at most ${most}`] : [];
  if (isProduct(path) && !source.startsWith("/**")) faults.push(`${path} does not say first why it exists`);
  return [...faults, ...BANNED.flatMap((ban) => ban.isIn(path) ? findUses(path, source, ban) : [])];
}

function findUses(path: string, source: string, { pattern, expected }: Ban): readonly string[] {
  return withoutComments(source).split("\n").flatMap((line, at) => {
    const found = pattern.exec(line)?.[0];
    return found === undefined ? [] : [`${path}:${at + 1} uses ${found}, expected ${expected}`];
  });
}

function isProduct(path: string): boolean {
  return path.startsWith("lib/") || path.startsWith("scripts/");
}
