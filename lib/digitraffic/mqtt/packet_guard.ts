/** Refuses a packet of MQTT by the size that it announces, before its bytes are gathered. */

/** Bytes that a packet says its own size with, at most. */
const MOST_LENGTH_BYTES = 4;

/** Sees the bytes of one connection in order. */
export type PacketGuard = (bytes: Uint8Array) => void;

/** Makes a guard; it throws a `RangeError` at a packet that is larger, or says its size in no proper way. */
export function createPacketGuard(maxPacketBytes: number): PacketGuard {
  /** Bytes of the packet under way that are still to come. */
  let left = 0;
  /** Bytes of its size that were seen; -1 before its first byte. */
  let seen = -1;
  let size = 0;
  return (bytes) => {
    for (let at = 0; at < bytes.length;) {
      if (left > 0) {
        const step = Math.min(left, bytes.length - at);
        left -= step;
        at += step;
        continue;
      }
      const byte = bytes[at++] ?? 0;
      if (seen === -1) {
        [seen, size] = [0, 0];
        continue;
      }
      size += (byte & 0x7f) * 128 ** seen++;
      const isLast = (byte & 0x80) === 0;
      if (size > maxPacketBytes || (!isLast && seen === MOST_LENGTH_BYTES)) {
        throw new RangeError(
          `Cannot receive a packet of MQTT: it announces ${size} bytes, expected at most ${maxPacketBytes}`,
        );
      }
      if (!isLast) continue;
      [left, seen] = [size, -1];
    }
  };
}
