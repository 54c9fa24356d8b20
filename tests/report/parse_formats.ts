/** Reads the report's formats as their readers do. */
import { SaxesParser } from "saxes";
import { Marked } from "marked";

/** An element of XML. */
export interface XmlElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly inside: XmlElement[];
}

/** Parses XML 1.0; throws on what is not well-formed, forbidden characters included. */
export function parseXml(text: string): XmlElement {
  const parser = new SaxesParser();
  const root: XmlElement = { name: "", attributes: {}, inside: [] };
  const open = [root];
  parser.on("error", (error) => {
    throw error;
  });
  parser.on("opentag", ({ name, attributes }) => {
    const element = { name, attributes: { ...attributes }, inside: [] };
    open.at(-1)?.inside.push(element);
    open.push(element);
  });
  parser.on("closetag", () => void open.pop());
  parser.on("text", (found) => {
    if (found.trim() !== "") throw new Error(`text between elements: ${found}`);
  });
  parser.write(text).close();
  const [first] = root.inside;
  if (first === undefined || root.inside.length > 1) throw new Error("no single root");
  return first;
}

/** A workflow command as the runner of GitHub Actions understands it. */
export interface WorkflowCommand {
  readonly command: string;
  readonly properties: Readonly<Record<string, string>>;
  readonly message: string;
}

/** Reads all lines; throws on one that is no command. */
export function parseCommands(text: string): readonly WorkflowCommand[] {
  return text.split(/\r\n|[\n\r]/).map((line) => {
    // From the first "::" behind the name on all is the message.
    const [, command, properties = "", message] = /^::([a-z-]+)(?: (.*?))?::(.*)$/s.exec(line) ?? [];
    if (command === undefined || message === undefined) throw new Error(`no command: ${line}`);
    const pairs = properties.split(",").filter((pair) => pair !== "").map((pair) => {
      const at = pair.indexOf("=");
      return [pair.slice(0, at), unescape(pair.slice(at + 1), { "%3A": ":", "%2C": "," })];
    });
    return { command, properties: Object.fromEntries(pairs), message: unescape(message) };
  });
}

function unescape(text: string, more: Readonly<Record<string, string>> = {}): string {
  const all: Readonly<Record<string, string>> = { "%0D": "\r", "%0A": "\n", "%25": "%", ...more };
  return text.replace(/%[0-9A-F]{2}/g, (escape) => all[escape] ?? escape);
}

/** What a page of Markdown is made of: its HTML taken apart into tags and texts. */
export interface MarkdownPage {
  /** Names of the tags in their order, ends with a slash. */
  readonly tags: readonly string[];
  /** Texts between tags, character references read. */
  readonly texts: readonly string[];
}

/** Renders GitHub-flavoured Markdown and takes the HTML apart. */
export function parseMarkdown(text: string): MarkdownPage {
  return takeApart(new Marked({ gfm: true, async: false }).parse(text, { async: false }));
}

/** Takes HTML apart. */
export function takeApart(html: string): MarkdownPage {
  const parts = html.replace(/<!--[\s\S]*?-->/g, "").split(/(<[^>]*>)/);
  return {
    tags: parts.filter((part) => part.startsWith("<")).map((tag) => tag.slice(1, -1)),
    texts: parts.filter((part) => !part.startsWith("<")).map(withoutReferences).filter((part) =>
      part.trim() !== ""
    ),
  };
}

function withoutReferences(text: string): string {
  const named: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', "#39": "'" };
  return text.replace(
    /&(#?\w+);/g,
    (reference, name) =>
      named[name] ?? (/^#\d+$/.test(name) ? String.fromCodePoint(Number(name.slice(1))) : reference),
  );
}
