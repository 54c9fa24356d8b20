import { assert, assertEquals, assertNotEquals } from "@std/assert";
import { toRestForm } from "../../../lib/digitraffic/mqtt/rest_form.ts";
import { seededRandom } from "../../../lib/simulator/seeded_random.ts";
import { timeToMicros } from "../../../lib/validate/iso_time.ts";

const encoder = new TextEncoder();

function restForm(text: string): string {
  return new TextDecoder("utf-8", { ignoreBOM: true }).decode(toRestForm(encoder.encode(text)));
}

Deno.test("a train over MQTT becomes byte for byte the train of REST", () => {
  const rest = {
    trainNumber: 1,
    departureDate: "2025-02-17",
    trainType: null,
    trainCategory: null,
    version: 7,
    timetableAcceptanceDate: "2024-10-31T06:14:29.000Z",
    timeTableRows: [{
      stationShortCode: "TÖR",
      scheduledTime: "2025-02-16T22:03:00.000Z",
      liveEstimateTime: "2025-02-16T22:04:10.000Z",
      actualTime: "2025-02-16T22:04:10.500Z",
      causes: [],
      trainReady: { source: "KUPLA", accepted: true, timestamp: "2025-02-16T21:50:00.000Z" },
    }],
  };
  const text = JSON.stringify(rest);
  const mqtt = text.replaceAll(".000Z", "Z").replaceAll(".500Z", ".5Z").replaceAll("null", '"Unknown"');
  assertNotEquals(mqtt, text);
  assertEquals(restForm(mqtt), text);
  assertEquals(restForm(text), text);
});

Deno.test("every spelling of a time becomes that of REST and stays the same moment", () => {
  const spellings = {
    "2025-02-17T10:00Z": "2025-02-17T10:00:00.000Z",
    "2025-02-17T10:00:01Z": "2025-02-17T10:00:01.000Z",
    "2025-02-17T10:00:01.5Z": "2025-02-17T10:00:01.500Z",
    "2025-02-17T10:00:01.120000Z": "2025-02-17T10:00:01.120Z",
    "2025-02-17T10:00:01+00:00": "2025-02-17T10:00:01.000Z",
    "2025-02-17T01:30:00+02:00": "2025-02-16T23:30:00.000Z",
    "2025-02-17T22:30:00.25-02:00": "2025-02-18T00:30:00.250Z",
  };
  for (const [mqtt, rest] of Object.entries(spellings)) {
    assertEquals(restForm(`{"actualTime":"${mqtt}"}`), `{"actualTime":"${rest}"}`);
    assertEquals(timeToMicros(mqtt), timeToMicros(rest));
  }
});

Deno.test("nothing else is changed: other fields, texts that look like fields, finer times, what is no time", () => {
  const texts = [
    '{"station":"2025-02-17T10:00:01Z","operator":"Unknown","note":"trainType"}',
    '{"note":"x,\\"trainType\\":\\"Unknown\\"","other":"{\\"actualTime\\":\\"2025-02-17T10:00:01Z\\"}"}',
    '{"trainTypes":"Unknown","trainType":"Unknown!","trainCategory":"unknown"}',
    '{"actualTime":"2025-02-17T10:00:01.123456Z","scheduledTime":"2025-02-17T10:00:01"}',
    '{"actualTime":"2025-02-30T25:00:00+02:00","scheduledTime":"yesterday or so..","liveEstimateTime":17}',
    '{"actualTime":"2025-02-30T10:00:00Z","scheduledTime":"2025-02-30T10:00:00+02:00"}',
    '\ufeff{"trainType":"IC"}',
    "no JSON at all",
    "",
  ];
  for (const text of texts) assertEquals(restForm(text), text);
  const noText = new Uint8Array([0x7b, 0xff, 0xfe]);
  assertEquals(toRestForm(noText), noText);
});

Deno.test("the form of a form is itself, whatever the bytes, and never shares memory with the payload", () => {
  const random = seededRandom(5);
  const parts = [
    '{"',
    '","',
    "trainType",
    '":"',
    "Unknown",
    '"}',
    "scheduledTime",
    "2025-02-17T10:00:00Z",
    "\\",
    "ä",
  ];
  for (let round = 0; round < 500; round++) {
    const length = Math.floor(random() * 12);
    const text = Array.from({ length }, () => parts[Math.floor(random() * parts.length)]).join("");
    const payload = encoder.encode(text);
    const once = toRestForm(payload);
    assertEquals(toRestForm(once), once);
    assert(once.buffer !== payload.buffer);
  }
});
