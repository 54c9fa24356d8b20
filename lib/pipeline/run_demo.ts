/** The whole pipeline on made-up trains: the metadata, then two rounds with half an hour between them and a few bad messages. */
import { counted, foldLine } from "../printable.ts";
import type { Message } from "../broker/broker.ts";
import type { DigitrafficApi } from "../digitraffic/digitraffic_api.ts";
import { readHeadlines } from "./analysis/read_headlines.ts";
import { fetchMetadata } from "./metadata/fetch_metadata.ts";
import { fetchTrains } from "./fetch_trains.ts";
import { describeProcess } from "./process_summary.ts";
import type { ProcessInput } from "./process_run.ts";
import { type ProcessOptions, processTrains } from "./process_trains.ts";
import { type RenderedReport, type ReportOptions, reportQuality } from "./report_quality.ts";
import type { Simulator } from "../simulator/serve_simulator.ts";

/** What the demo runs on. */
export interface DemoOptions {
  readonly simulator: Simulator;
  /** All but the address of the API. */
  readonly api: Omit<DigitrafficApi, "url">;
  readonly input: ProcessInput;
  readonly process: ProcessOptions;
  readonly report: ReportOptions;
  /** File of the publish state. */
  readonly statePath: string;
  readonly partitions: number;
  /** Shows the user what happens. */
  readonly say: (line: string) => void;
}

const HALF_HOUR_MS = 30 * 60 * 1000;

/** What no API should send, and a topic may hold all the same. */
const BAD_MESSAGES: Readonly<Record<string, Uint8Array | null>> = {
  "no JSON": encode("this is not a train"),
  "a tombstone": null,
  "bytes that are no UTF-8": Uint8Array.of(0xff, 0xfe, 0x00),
  "a train number in quotes": encode('{"trainNumber": "27", "departureDate": "2025-02-17"}'),
  "a date that no calendar has": encode(badDate()),
};

/** The report, and what the trains did. */
export interface DemoOutcome extends RenderedReport {
  /** A line each. */
  readonly headlines: readonly string[];
}

/** Runs both rounds and returns what they came to. */
export async function runDemo({ say: sayLine, ...rest }: DemoOptions): Promise<DemoOutcome> {
  const options = { ...rest, say: (line: string) => sayLine(foldLine(line, { columns: 80, indent: 11 })) };
  const { simulator, say } = options;
  say(`simulator  answers like the Digitraffic API at ${simulator.url}`);
  await fillMetadata(options);
  await runRound(options);
  simulator.advance(HALF_HOUR_MS);
  say("simulator  moved on by 30 minutes: trains ran, estimates became actual times");
  await publishBadMessages(options);
  await runRound(options);
  const report = await reportQuality(options.report);
  const { storeOf } = options.report;
  return { ...report, headlines: await readHeadlines({ storeOf, context: options.process.surroundings }) };
}

async function fillMetadata({ simulator, api, process, report, say }: DemoOptions): Promise<void> {
  const outcomes = await fetchMetadata({
    api: { ...api, url: simulator.url },
    storeOf: report.storeOf,
    context: process.surroundings,
    signal: process.surroundings.signal,
  });
  const [failed] = outcomes.filter(({ status }) => status === "failed");
  if (failed !== undefined) throw failed.error;
  const rows = outcomes.map(({ name, rows }) => `${rows} ${name.replace("_", " ")}`);
  say(`metadata   ${rows.join(", ")}`);
}

async function runRound(
  { simulator, api, input, process, statePath, partitions, say }: DemoOptions,
): Promise<void> {
  const { broker, lake: { topic } } = input;
  const fetched = await fetchTrains({
    api: { ...api, url: simulator.url },
    broker,
    topic,
    partitions,
    statePath,
    signal: process.surroundings.signal,
  });
  say(
    `fetch      ${
      counted(fetched.fetched, "train")
    }: ${fetched.published} published, ${fetched.unchanged} unchanged`,
  );
  say(`process    ${describeProcess(await processTrains(input, process))}`);
}

async function publishBadMessages({ input: { broker, lake: { topic } }, say }: DemoOptions): Promise<void> {
  const messages = Object.values(BAD_MESSAGES).map((value): Message => ({ key: null, value, headers: {} }));
  await broker.publish(topic, messages);
  say(`publish    ${messages.length} bad messages on purpose: ${Object.keys(BAD_MESSAGES).join(", ")}`);
}

function badDate(): string {
  const stop = {
    stationShortCode: "HKI",
    stationUICCode: 1,
    countryCode: "FI",
    trainStopping: true,
    cancelled: false,
  };
  return JSON.stringify({
    trainNumber: 27,
    departureDate: "2025-02-30",
    operatorShortCode: "vr",
    version: 1,
    timeTableRows: [
      { ...stop, type: "DEPARTURE", scheduledTime: "2025-02-17T05:00:00.000Z" },
      { ...stop, type: "ARRIVAL", scheduledTime: "2025-02-17T06:00:00.000Z" },
    ],
  });
}

function encode(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
