/** In which line of a YAML file something stands, for those who tell people what is wrong there. */
import {
  EVENT_ALIAS,
  EVENT_MAPPING,
  EVENT_POP,
  EVENT_SCALAR,
  EVENT_SEQUENCE,
  getScalarValue,
  parseEvents,
} from "../../packages/js_yaml.ts";

/** From the root to a value: keys of mappings and places in lists. */
export type YamlPath = readonly (string | number)[];

type YamlEvent = ReturnType<typeof parseEvents>[number];

/** A list, mapping or document that is open. */
interface Open {
  readonly path: YamlPath;
  readonly type: YamlEvent["type"];
  /** How many items, or keys and values, it has had. */
  seen: number;
  /** Of a mapping: the key that waits for its value. */
  key: string;
}

/** Finds the line where a value begins; of one that an alias stands for, or that is not there, the nearest around it. */
export function yamlLines(text: string): (path: YamlPath) => number {
  const lines = linesByPath(text);
  return (path) => {
    for (let length = path.length; length > 0; length--) {
      const line = lines.get(JSON.stringify(path.slice(0, length)));
      if (line !== undefined) return line;
    }
    return 1;
  };
}

function linesByPath(text: string): ReadonlyMap<string, number> {
  const lines = new Map<string, number>();
  const open: Open[] = [];
  const lineAt = lineCounter(text);
  for (const event of text.trim() === "" ? [] : parseEvents(text, {})) {
    if (event.type === EVENT_POP) {
      open.pop();
      continue;
    }
    const path = enter(open.at(-1), event, text);
    const start = "start" in event ? event.start : "valueStart" in event ? event.valueStart : -1;
    if (path !== null && start >= 0) lines.set(JSON.stringify(path), lineAt(start));
    if (event.type === EVENT_SCALAR || event.type === EVENT_ALIAS) continue;
    open.push({ path: path ?? [], type: event.type, seen: 0, key: "" });
  }
  return lines;
}

/** The path of what comes next in it; null of the key of a mapping. */
function enter(parent: Open | undefined, event: YamlEvent, text: string): YamlPath | null {
  if (parent === undefined) return [];
  const at = parent.seen++;
  if (parent.type === EVENT_SEQUENCE) return [...parent.path, at];
  if (parent.type !== EVENT_MAPPING) return parent.path;
  if (at % 2 === 1) return [...parent.path, parent.key];
  parent.key = event.type === EVENT_SCALAR ? getScalarValue(text, event) : "";
  return null;
}

/** Lines of places that come in the order of the text, so that the text is gone through once. */
function lineCounter(text: string): (place: number) => number {
  let [line, at] = [1, 0];
  return (place) => {
    for (; at < place; at++) if (text[at] === "\n") line++;
    return line;
  };
}
