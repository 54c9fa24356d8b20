/** Z85, the spelling of bytes that deletion vectors use: five characters for four bytes. https://rfc.zeromq.org/spec/32 */

const ALPHABET = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-:+=^!/*?&<>()[]{}@%$#";
const DIGITS: ReadonlyMap<string, number> = new Map(Array.from(ALPHABET, (char, digit) => [char, digit]));

/**
 * The bytes of a text.
 *
 * @throws {TypeError} when it is no Z85
 */
export function decodeZ85(text: string): Uint8Array {
  if (text.length % 5 !== 0) throw wrongText(`${text.length} characters`, "a multiple of 5");
  const bytes = new Uint8Array(text.length / 5 * 4);
  const view = new DataView(bytes.buffer);
  for (let start = 0; start < text.length; start += 5) {
    let value = 0;
    for (let index = start; index < start + 5; index++) {
      const digit = DIGITS.get(text.charAt(index));
      if (digit === undefined) throw wrongText(JSON.stringify(text.charAt(index)), "one of 85 characters");
      value = value * 85 + digit;
    }
    if (value > 0xffffffff) throw wrongText(text.slice(start, start + 5), "at most 32 bits");
    view.setUint32(start / 5 * 4, value);
  }
  return bytes;
}

function wrongText(found: string, expected: string): TypeError {
  return new TypeError(`Cannot decode the Z85 text: found ${found}, expected ${expected}`);
}
