/** The settings that scripts share, as tables of options. */
import { z } from "../packages/zod.ts";
import type { OptionTable, OptionValues } from "./options.ts";
import { VERSION } from "./version.ts";
import { isHostPort } from "./rights/hosts.ts";

const BROKER_OPTIONS = {
  brokerFile: {
    summary: "file of the embedded broker (default broker.db in the data folder)",
    value: "file",
    env: "BROKER_FILE",
    expected: "the name of a file on disk",
    schema: ownFile().optional(),
  },
  broker: {
    summary: "Kafka or Redpanda to use instead of the embedded broker",
    value: "host:port,...",
    env: "KAFKA_BROKER",
    address: true,
    expected: "host:port, several separated by commas",
    schema: z.string().transform((list) => list.split(",").map((broker) => broker.trim()))
      .refine((brokers) => brokers.every(isHostPort)).optional(),
  },
  topic: {
    summary: "topic of the train messages",
    value: "name",
    env: "KAFKA_TOPIC",
    default: "digitraffic_live_trains",
    expected: 'a topic name of 1 to 249 letters, digits, ".", "_" and "-"',
    schema: z.string().regex(/^(?!\.{1,2}$)[a-zA-Z0-9._-]{1,249}$/),
  },
  partitions: {
    summary: "number of partitions, for a topic that has to be created",
    value: "count",
    env: "KAFKA_PARTITIONS",
    default: "3",
    expected: "a whole number from 1 to 1000",
    schema: z.string().regex(/^[0-9]{1,4}$/).transform(Number).pipe(z.int().min(1).max(1000)),
  },
  group: {
    summary: "consumer group whose offsets show how far processing is",
    value: "name",
    env: "KAFKA_GROUP",
    default: "ratalake",
    expected: 'a group name of 1 to 255 letters, digits, ".", "_" and "-"',
    schema: z.string().regex(/^[a-zA-Z0-9._-]{1,255}$/),
  },
  kafkaSsl: {
    summary: "encrypt the connection to the broker",
    env: "KAFKA_SSL",
    default: "false",
    expected: "true or false",
    schema: z.stringbool(),
  },
  kafkaCaFile: {
    summary: "PEM file of the CA that signed the broker's certificate; implies --kafka-ssl",
    value: "file",
    env: "KAFKA_CA_FILE",
    expected: "a file name",
    schema: fileName().optional(),
  },
  kafkaSaslMechanism: {
    summary: "SASL mechanism to sign in to the broker with",
    value: "plain|scram-sha-256|scram-sha-512",
    env: "KAFKA_SASL_MECHANISM",
    expected: '"plain", "scram-sha-256" or "scram-sha-512"',
    schema: z.string().toLowerCase().pipe(z.enum(["plain", "scram-sha-256", "scram-sha-512"])).optional(),
  },
  kafkaUsername: {
    summary: "user name to sign in with",
    value: "name",
    env: "KAFKA_USERNAME",
    expected: "a user name",
    schema: z.string().min(1).optional(),
  },
  kafkaPassword: {
    summary: "password to sign in with (only from the environment)",
    value: "password",
    env: "KAFKA_PASSWORD",
    secret: true,
    expected: "a password",
    schema: z.string().min(1).optional(),
  },
} as const satisfies OptionTable;

const DATA_OPTIONS = {
  dataDir: {
    summary: "folder of the tables",
    value: "folder",
    env: "DATA_DIR",
    default: "data_files",
    expected: "a folder name",
    schema: fileName().transform((folder) => folder.replace(/(?<=.)\/+$/, "")),
  },
} as const satisfies OptionTable;

const DIGITRAFFIC_OPTIONS = {
  digitrafficUrl: {
    summary: "address of the train API",
    value: "url",
    env: "DIGITRAFFIC_URL",
    address: true,
    default: "https://rata.digitraffic.fi/api/v1",
    expected: "an http or https address without user, query and fragment",
    schema: z.string().refine(isServiceUrl).transform((url) => url.replace(/\/+$/, "")),
  },
  digitrafficUser: {
    summary: "name sent to the API in the header Digitraffic-User; no personal data",
    value: "name",
    env: "DIGITRAFFIC_USER",
    default: `ratalake/${VERSION}`,
    expected: "1 to 100 printable ASCII characters",
    schema: z.string().regex(/^[\x21-\x7e](?:[\x20-\x7e]{0,98}[\x21-\x7e])?$/),
  },
} as const satisfies OptionTable;

const STATE_OPTIONS = {
  stateFile: {
    summary: "file that records which trains were published (default publish_state.json in the data folder)",
    value: "file",
    env: "STATE_FILE",
    expected: "the name of a file on disk",
    schema: ownFile().optional(),
  },
} as const satisfies OptionTable;

const LOG_OPTIONS = {
  logFormat: {
    summary: "log lines for people or for machines",
    value: "human|json",
    env: "LOG_FORMAT",
    default: "human",
    expected: '"human" or "json"',
    schema: z.enum(["human", "json"]),
  },
  logLevel: {
    summary: "lowest level of the log lines shown; debug adds stack traces",
    value: "debug|info|warning|error",
    env: "LOG_LEVEL",
    default: "info",
    expected: '"debug", "info", "warning" or "error"',
    schema: z.enum(["debug", "info", "warning", "error"]),
  },
} as const satisfies OptionTable;

/** The settings that scripts share, in the groups in which scripts offer them. */
export const SETTINGS = {
  broker: BROKER_OPTIONS,
  tables: DATA_OPTIONS,
  digitraffic: DIGITRAFFIC_OPTIONS,
  state: STATE_OPTIONS,
  log: LOG_OPTIONS,
} as const satisfies Readonly<Record<string, OptionTable>>;

/** A group of {@linkcode SETTINGS}. */
export type SettingGroup = keyof typeof SETTINGS;

/** The values of all groups. */
export type SettingValues = OptionValues<
  & typeof BROKER_OPTIONS
  & typeof DATA_OPTIONS
  & typeof DIGITRAFFIC_OPTIONS
  & typeof STATE_OPTIONS
  & typeof LOG_OPTIONS
>;

function fileName(): z.ZodType<string> {
  return z.string().regex(/^\P{Cc}+$/u);
}

/** Refuses folders, and the names of SQLite for databases in memory: messages there end with the process. */
function ownFile(): z.ZodType<string> {
  return fileName().refine((name) => !/(?:^|\/)\.{0,2}$|^:memory:$|^file:/.test(name));
}

function isServiceUrl(text: string): boolean {
  const url = URL.parse(text);
  // An "@" behind a slash is no user for URL, but was one for whoever wrote it.
  return url !== null && /^https?:$/.test(url.protocol) && !text.includes("@") &&
    url.search + url.hash === "";
}
