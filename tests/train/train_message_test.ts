import { assert, assertEquals } from "@std/assert";
import {
  decodeFetchedAt,
  decodeSourceEpoch,
  encodeTrainMessage,
  identifyTrain,
} from "../../lib/train/train_message.ts";
import { MAX_SOURCE_EPOCH } from "../../lib/train/train_rank.ts";
import type { TrainIdentity } from "../../lib/train/train_identity.ts";

const utf8 = new TextEncoder();
const ORIGIN = { source: "https://rata.digitraffic.fi/api/v1/live-trains", fetchedAtMs: 1_739_766_060_123 };

function identify(text: string): TrainIdentity | null {
  return identifyTrain({ bytes: utf8.encode(text), identity: undefined });
}

Deno.test({
  name: "a message has the train's name as key, its bytes as value, and says where and when it was fetched",
  permissions: "none",
  fn: () => {
    const value = utf8.encode('{"trainNumber":265,"departureDate":"2025-02-16","version":290518454797}');
    const message = encodeTrainMessage(value, {
      identity: identifyTrain({ bytes: value, identity: undefined }),
      origin: ORIGIN,
    });
    assertEquals(message, {
      key: "2025-02-16/265",
      value,
      headers: {
        source: "https://rata.digitraffic.fi/api/v1/live-trains",
        fetchedAt: "2025-02-17T04:21:00.123Z",
        schema: "digitraffic.live-trains.v1",
      },
    });
    assertEquals(encodeTrainMessage(value, { identity: null, origin: ORIGIN }).key, null);
    assertEquals(decodeFetchedAt(message.headers), ORIGIN.fetchedAtMs);
  },
});

Deno.test({
  name: "bytes that name no train have no identity, a train without a usable version keeps its name",
  permissions: "none",
  fn: () => {
    for (
      const text of [
        "",
        "null",
        "[]",
        "7",
        "{",
        "{}",
        '{"trainNumber":"1","departureDate":"2025-02-16"}',
        '{"trainNumber":1.5,"departureDate":"2025-02-16"}',
        '{"trainNumber":1,"departureDate":"16.2.2025"}',
        '{"trainNumber":1,"departureDate":"2025-02-16/9"}',
        '{"trainNumber":1}',
      ]
    ) assertEquals(identify(text), null, text);
    for (const version of ['"5"', "1.5", "null", "99999999999999999999"]) {
      const train = `{"trainNumber":1,"departureDate":"2025-02-16","version":${version}}`;
      assertEquals(identify(train), { trainNumber: 1, departureDate: "2025-02-16", version: null });
    }
    assertEquals(identifyTrain({ bytes: new Uint8Array([0xff, 0xfe, 0x7b]), identity: undefined }), null);
    // What is known is not looked for again.
    assertEquals(identifyTrain({ bytes: utf8.encode("{}"), identity: null }), null);
  },
});

Deno.test({
  name: "an epoch comes back from its header, and 0 has none",
  permissions: "none",
  fn: () => {
    const encode = (sourceEpoch: number) =>
      encodeTrainMessage(new Uint8Array(), { identity: null, origin: { ...ORIGIN, sourceEpoch } }).headers;
    assert(!("sourceEpoch" in encode(0)));
    for (const epoch of [0, 1, 12, MAX_SOURCE_EPOCH]) assertEquals(decodeSourceEpoch(encode(epoch)), epoch);
  },
});

Deno.test({
  name: "what is no whole number of 32 bits is no epoch",
  permissions: "none",
  fn: () => {
    assertEquals(decodeSourceEpoch({}), 0);
    for (
      const odd of [
        "",
        " 1",
        "01",
        "-1",
        "+1",
        "1.0",
        "1e3",
        "0x1",
        "\u0661",
        "1\n",
        "2147483648",
        "99999999999",
      ]
    ) {
      assertEquals(decodeSourceEpoch({ sourceEpoch: odd }), 0, odd);
    }
  },
});

Deno.test({
  name: "only a complete time with a zone is a time of fetching",
  permissions: "none",
  fn: () => {
    const decode = (fetchedAt: string) => decodeFetchedAt({ fetchedAt });
    assertEquals(decode("2025-02-17T04:21:00Z"), 1_739_766_060_000);
    assertEquals(decode("2025-02-17T06:21:00.5+02:00"), 1_739_766_060_500);
    for (
      const odd of ["", "2025-02-17", "2025-02-17T04:21:00", "2025-13-17T04:21:00Z", "1739766060000", "now"]
    ) {
      assertEquals(decode(odd), null, odd);
    }
    assertEquals(decodeFetchedAt({}), null);
  },
});
