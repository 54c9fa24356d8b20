/** Names on a map, each where there is room. */
import { delayText } from "../text/delay_text.ts";
import type { Place } from "./map_projection.ts";
import { px } from "./marks.ts";
import { type Markup, markup } from "./markup.ts";
import { cutText, TextRoom, widthOf } from "./text_room.ts";

interface MapLeg {
  readonly from: number;
  readonly to: number;
  readonly addedSeconds: number;
}

/** Names on the map, each where there is room. */
export class MapTexts {
  readonly #room = new TextRoom();
  readonly #stations: readonly { readonly name: string }[];
  readonly #placeOf: (at: number) => Place;
  readonly #width: number;

  constructor(
    stations: readonly { readonly name: string }[],
    { placeOf, width }: { readonly placeOf: (at: number) => Place; readonly width: number },
  ) {
    this.#stations = stations;
    this.#placeOf = placeOf;
    this.#width = width;
  }

  stations(some: readonly number[]): readonly (Markup | null)[] {
    return some.map((at) => this.#text(this.#stations[at]?.name ?? "", this.#placeOf(at), "plain"));
  }

  legs(some: readonly MapLeg[]): readonly (Markup | null)[] {
    return some.map(({ from, to, addedSeconds }) => {
      const a = this.#placeOf(from), b = this.#placeOf(to);
      const middle = { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 };
      return this.#text(delayText(addedSeconds), middle, "strong");
    });
  }

  /** At the right edge it stands on the left of its place. */
  #text(whole: string, { x, y }: Place, look: string): Markup | null {
    const isStrong = look === "strong";
    const text = cutText(whole, 0.45 * this.#width), wide = widthOf(text, { isStrong });
    const left = x + 6 + wide > this.#width ? x - 6 - wide : x + 6;
    return this.#room.take({ text, x: left, y: y + 4, isStrong })
      ? markup`<text class="halo ${look}" x="${px(left)}" y="${px(y + 4)}">${text}</text>`
      : null;
  }
}
