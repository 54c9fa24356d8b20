/** Random values that are hard on statistics, and the order that they have to be in. */

const ALPHABET = [..."aZ09 ~\u007f\u0080äß\ud7ff\ue000\ufffd\uffff😈\u{10ffff}"];

/** Text of up to so many characters, often with a long common start. */
export function randomText(random: () => number, maxLength: number): string {
  const start = random() < 0.5 ? "same start of 30 characters..." : "";
  const length = Math.floor(random() * maxLength);
  return start +
    Array.from({ length }, () => ALPHABET[Math.floor(random() * ALPHABET.length)] ?? "").join("");
}

/** Compares as Delta readers do: by the bytes of UTF-8. */
export function compareBytes(left: string, right: string): number {
  const [a, b] = [new TextEncoder().encode(left), new TextEncoder().encode(right)];
  const index = a.findIndex((byte, position) => byte !== b[position]);
  return index < 0 ? a.length - b.length : (a[index] ?? -1) - (b[index] ?? -1);
}
