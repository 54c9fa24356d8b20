/** What a follower prints with `--json`, line by line as it comes. */
import { assert } from "@std/assert";

/** The lines of a stream. */
export class FollowLines {
  readonly #reader: ReadableStreamDefaultReader<string>;
  #rest = "";

  constructor(stream: ReadableStream<Uint8Array>) {
    this.#reader = stream.pipeThrough(new TextDecoderStream()).getReader();
  }

  async next(): Promise<string | null> {
    for (;;) {
      const end = this.#rest.indexOf("\n");
      if (end >= 0) {
        const line = this.#rest.slice(0, end);
        this.#rest = this.#rest.slice(end + 1);
        return line;
      }
      const { done, value } = await this.#reader.read();
      if (done) return null;
      this.#rest += value;
    }
  }

  /** Waits until batches of so many messages were told. */
  async untilMessages(count: number): Promise<void> {
    for (let sum = 0; sum < count;) {
      const line = await this.next();
      assert(line !== null, "the follower has ended");
      sum += JSON.parse(line).messages;
    }
  }

  async last(): Promise<string> {
    let last = "";
    for (let line = await this.next(); line !== null; line = await this.next()) last = line;
    return last;
  }
}
