/** Times, numbers and marks as the page writes them. */
import type { Outcome } from "../../quality/evaluate_run.ts";
import { spoken } from "../../charts/marks.ts";
import { type Markup, markup } from "../../charts/markup.ts";

/** To the minute, in UTC. */
export function timeText(time: Date): string {
  return time.toISOString().slice(0, 16).replace("T", " ");
}

/** The same for readers and programs. */
export function timeMark(time: Date): Markup {
  return markup`<time datetime="${time.toISOString()}">${timeText(time)} UTC</time>`;
}

/** Names in a command the settings that lead to where the page was made. */
export type CompleteCommand = (command: string) => string;

/** A command to type. */
export function commandMark(command: string, complete: CompleteCommand): Markup {
  return markup`<code>${complete(command)}</code>`;
}

/** A sign for the outcome of a rule: a form, a colour and, for ears, a word. */
export function outcomeMark(outcome: Outcome): Markup {
  const [sign, word] = SIGNS[outcome];
  return markup`<span class="mark ${outcome}"><span aria-hidden="true">${sign}</span>${spoken(word)}</span>`;
}

const SIGNS: Readonly<Record<Outcome, readonly [sign: string, word: string]>> = {
  failed: ["✕", "failed"],
  error: ["✕", "threw"],
  unknown: ["?", "not counted"],
  look: ["!", "worth a look"],
  note: ["i", "for information"],
  learning: ["…", "still learning"],
  skipped: ["–", "skipped"],
  passed: ["✓", "holds"],
};
