/** One edge: a file needs another at run time (`value`) or only while it is checked (`type`). */
export interface Import {
  readonly kind: "value" | "type";
  /** As written, or as a path from the root for files of the project. */
  readonly to: string;
}

const COMMENTS = /("(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*')|\/\*[\s\S]*?\*\/|\/\/[^\n]*/g;
const STATEMENT =
  /^(?:import|export)\s+(?!(?:async\s+)?(?:function|class|const|let|interface|abstract|declare)\b)([^;]*?)\s*from\s*"([^"]+)"/gm;
const BARE = /^import\s*"([^"]+)"/gm;
const DYNAMIC = /\bimport\(\s*"([^"]+)"\s*\)/g;
const WORKER = /\bnew URL\(\s*"([^"]+\.ts)"\s*,\s*import\.meta\.url\s*\)/g;

/** The code of a file with blanks for its comments, so that line numbers stay. */
export function withoutComments(source: string): string {
  return source.replace(COMMENTS, (found, text) => text === undefined ? found.replace(/[^\n]/g, " ") : found);
}

/** All imports and re-exports of a file, `await import()` and worker files too. */
export function readImports(path: string, source: string): readonly Import[] {
  const code = withoutComments(source);
  const statements = code.matchAll(STATEMENT).map(([, clause = "", to = ""]) => ({
    kind: kindOf(clause),
    to,
  })).toArray();
  const others = [BARE, DYNAMIC, WORKER].flatMap((pattern) => code.matchAll(pattern).toArray());
  const values = others.map(([, to = ""]) => ({ kind: "value" as const, to }));
  return [...statements, ...values].map(({ kind, to }) => ({ kind, to: resolve(path, to) }));
}

/** `import type { A }`, and `import { type A, type B }` with nothing else, are gone at run time. */
function kindOf(clause: string): Import["kind"] {
  if (/^type\b(?!\s*(?:,|from\b|$))/.test(clause)) return "type";
  const names = /^\{([\s\S]*)\}$/.exec(clause.trim())?.[1]?.split(",").map((name) => name.trim()).filter(
    Boolean,
  );
  return names !== undefined && names.length > 0 && names.every((name) => /^type\s/.test(name))
    ? "type"
    : "value";
}

function resolve(path: string, to: string): string {
  return to.startsWith(".") ? new URL(to, `file:///${path}`).pathname.slice(1) : to;
}
