/** Goes over the tokens of a predicate, one after the other. */
import { predicateError, readTokens, type Token } from "./lexer.ts";

/** The tokens of one text, from the next one on. */
export class TokenReader {
  readonly #text: string;
  readonly #tokens: readonly Token[];
  #index = 0;

  /** Cuts the text into tokens. @throws {TypeError} naming the character where that fails */
  constructor(text: string) {
    this.#text = text;
    this.#tokens = readTokens(text);
  }

  /** The next token; one of kind "end" behind the last. */
  get next(): Token {
    return this.#tokens[this.#index] ?? { kind: "end", text: "the end", position: 1 };
  }

  /** Whether the token after the next one is a text in quotes. */
  get isTextSecond(): boolean {
    return this.#tokens[this.#index + 1]?.kind === "text";
  }

  /** Takes the next token, whatever it is. */
  take(): Token {
    const token = this.next;
    this.#index++;
    return token;
  }

  /** Takes the next token if it is this word, in upper or lower case. */
  takeWord(word: string): boolean {
    const { kind, text } = this.next;
    return this.#takeIf(kind === "word" && text.toUpperCase() === word);
  }

  /** Takes the next token if it is this sign. */
  takeSign(sign: string): boolean {
    const { kind, text } = this.next;
    return this.#takeIf(kind === "sign" && text === sign);
  }

  /** Takes the next token, which must be this sign. */
  expectSign(sign: string): void {
    if (!this.takeSign(sign)) throw this.unexpected(`"${sign}"`);
  }

  /** The error of a token, by default the next one, where another was expected. */
  unexpected(expected: string, { position, text }: Omit<Token, "kind"> = this.next): TypeError {
    return predicateError(this.#text, position, text, expected);
  }

  #takeIf(isThere: boolean): boolean {
    if (isThere) this.#index++;
    return isThere;
  }
}
