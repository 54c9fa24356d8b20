/** Turns what kafkajs says into what a person can act on. */

import { BrokerError, OffsetOutOfRangeError } from "../../errors.ts";
import { fromKafkajs } from "./kafka_address.ts";

/** Where it happened, and what must not be shown. */
interface KafkaScene {
  /** As a person names the cluster: "localhost:19092". */
  readonly address: string;
  readonly password?: string | undefined;
}

interface Diagnosis {
  readonly when: RegExp;
  readonly found: string;
  readonly expected: string;
  readonly retriable?: boolean;
  /** When not a plain `BrokerError`. */
  readonly kind?: typeof BrokerError;
}

/** Looked through from the top, over name, type, code and text of the error that lies deepest. */
const DIAGNOSES: readonly Diagnosis[] = [
  {
    when: /SASLAuthenticationError|SASL_AUTHENTICATION_FAILED/,
    found: "the broker refused user name or password",
    expected: "the right ones for this SASL mechanism",
  },
  {
    when: /UNSUPPORTED_SASL_MECHANISM/,
    found: "the broker does not offer this SASL mechanism",
    expected: "plain, scram-sha-256 or scram-sha-512 as the broker has it",
  },
  {
    when: /certificate|UnknownIssuer|self-signed|CERT_|altname/i,
    found: "its TLS certificate cannot be trusted",
    expected: "one that the given CA signed for this host",
  },
  {
    when: /AUTHORIZATION_FAILED/,
    found: "the broker does not allow it",
    expected: "a user with the rights for it",
  },
  {
    when: /OFFSET_OUT_OF_RANGE|OffsetOutOfRange/,
    found: "the offset is gone",
    expected: "it in the log (records expired while they were read, or the topic was created anew)",
    kind: OffsetOutOfRangeError,
  },
  {
    when: /UNKNOWN_TOPIC_OR_PARTITION/,
    found: "no such topic or partition",
    expected: "one that was created before",
  },
  {
    when: /MESSAGE_TOO_LARGE|RECORD_LIST_TOO_LARGE/,
    found: "a batch is larger than the broker accepts",
    expected: "a larger max.message.bytes of the topic",
  },
  {
    when: /INVALID_TIMESTAMP/,
    found: "the broker does not accept the timestamp of a message",
    expected: "one that is not in the future (message.timestamp.after.max.ms)",
  },
  {
    // Redpanda refuses writers below storage_min_free_bytes, with one or the other by its version.
    when: /KAFKA_STORAGE_ERROR|BROKER_NOT_AVAILABLE/,
    found: "the broker cannot write, most likely because its disk is full",
    expected: "free space on the broker's disk (on Redpanda more than storage_min_free_bytes)",
    retriable: true,
  },
  {
    when: /KafkaJSBrokerNotFound|KafkaJSMetadataNotLoaded/,
    found: "the cluster has no controller or leader at the moment",
    expected: "one soon; try again",
    retriable: true,
  },
  {
    when: /ENOTFOUND|EAI_AGAIN|failed to lookup/,
    found: "there is no host with that name",
    expected: "the name of a host",
    retriable: true,
  },
  {
    when: /ECONNREFUSED/,
    found: "connection refused",
    expected: "a broker that listens there",
    retriable: true,
  },
  {
    when: /Connection timeout|ETIMEDOUT|RequestTimeout|Broker not connected/,
    found: "no answer",
    expected: "a broker there",
    retriable: true,
  },
  {
    when: /ConnectionClosed|ECONNRESET|InvalidContentType|corrupt message|before secure TLS|EPIPE/,
    found: "the connection was closed",
    expected: "it to stay open (a broker that wants TLS or a password, or has none, also does this)",
    retriable: true,
  },
];

/**
 * A `BrokerError` for a failed call to the cluster; errors that already are one pass unchanged.
 *
 * `action` goes before the cluster's name, as in "connect to". The password is removed from the text, and the original
 * is not kept as the cause, because a cause is printed with everything that kafkajs may have put into it.
 */
export function kafkaFailure(action: string, scene: KafkaScene, thrown: unknown): BrokerError {
  if (thrown instanceof BrokerError) return thrown;
  const cause = deepest(thrown);
  const { text, broker } = describe(cause);
  const refused = refusedHost(text, broker);
  if (refused !== undefined) return missingRight(action, scene.address, refused);
  const where = broker === undefined || broker === scene.address
    ? scene.address
    : `${scene.address} (${broker})`;
  const known = DIAGNOSES.find(({ when }) => when.test(text));
  const found = known === undefined
    ? `${cause instanceof Error ? cause.message : cause}, expected an answer`
    : `${known.found}, expected ${known.expected}`;
  const retriable = known === undefined ? isRetriable(cause) : known.retriable ?? false;
  const Kind = known?.kind ?? BrokerError;
  return new Kind(hide(`Cannot ${action} Kafka "${where}": ${found}`, scene.password), { retriable });
}

/** The host that this process has no right to connect to: by name it is Node's lookup that fails, without the port. */
function refusedHost(text: string, broker: string | undefined): string | undefined {
  return /Requires net access to "([^"]+)"/.exec(text)?.[1] ??
    (/getaddrinfo EPERM/.test(text) ? broker : undefined);
}

/** A cluster names all of its brokers, and a client must reach each: they have to be in the settings. */
function missingRight(action: string, address: string, host: string): BrokerError {
  const brokers = address.split(",");
  if (brokers.includes(host)) {
    const cause = new Error(`Requires net access to "${host}", run again with the --allow-net flag`);
    cause.name = "NotCapable";
    return new BrokerError(`Cannot ${action} Kafka "${address}"`, { cause });
  }
  const all = [...brokers, host].join(",");
  return new BrokerError(
    `Cannot ${action} Kafka "${address}": found no right to connect to "${host}", which the cluster advertises, ` +
      `expected it among the brokers: KAFKA_BROKER=${all}`,
  );
}

/** True when trying again may help: the cluster is away, moves a leader, or elects one. */
export function isRetriable(thrown: unknown): boolean {
  const cause = deepest(thrown);
  if (!(cause instanceof Error && "retriable" in cause && cause.retriable === true)) return false;
  // A right that is missing now is missing for as long as the process lives.
  const { text, broker } = describe(cause);
  return refusedHost(text, broker) === undefined;
}

/** kafkajs wraps errors in "number of retries exceeded" and the like. */
export function deepest(thrown: unknown): unknown {
  let cause = thrown;
  for (let depth = 0; depth < 10; depth++) {
    if (!(cause instanceof Error)) return cause;
    if ("errors" in cause && Array.isArray(cause.errors) && cause.errors.length > 0) cause = cause.errors[0];
    else if (cause.cause instanceof Error) cause = cause.cause;
    else return cause;
  }
  return cause;
}

function describe(cause: unknown): { readonly text: string; readonly broker: string | undefined } {
  if (!(cause instanceof Error)) return { text: String(cause), broker: undefined };
  const type = "type" in cause ? cause.type : "";
  const code = "code" in cause ? cause.code : "";
  const broker = "broker" in cause && typeof cause.broker === "string"
    ? fromKafkajs(cause.broker)
    : undefined;
  return { text: `${cause.name} ${type} ${code} ${cause.message}`, broker };
}

function hide(text: string, password: string | undefined): string {
  return password ? text.replaceAll(password, "***") : text;
}
