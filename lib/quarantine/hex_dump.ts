/** Bytes that are no text, as people read them. */

const ROW_BYTES = 16;

/** Lines of 16 bytes: the place of the first, all in hexadecimal digits, and those that are letters as letters. */
export function hexDump(bytes: Uint8Array): readonly string[] {
  const rows = Math.ceil(bytes.length / ROW_BYTES);
  return Array.from({ length: rows }, (_, row) => {
    const from = row * ROW_BYTES;
    const mine = bytes.subarray(from, from + ROW_BYTES);
    const halves = [mine.subarray(0, 8), mine.subarray(8)].map(hexText);
    const letters = Array.from(mine, (byte) => byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : ".");
    return `${from.toString(16).padStart(8, "0")}  ${halves.join("  ").padEnd(48)}  |${letters.join("")}|`;
  });
}

/** `ff 00 61`. */
export function hexText(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join(" ");
}
