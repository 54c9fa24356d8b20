/** The broker that the configuration names; part of the host, as it reads files and the clock. */
import type { Broker } from "../../lib/broker/broker.ts";
import { type BrokerOptions, openBroker } from "../../lib/broker/open_broker.ts";
import type { Config, KafkaConfig } from "../../lib/cli/config.ts";
import { checkPlaces } from "../../lib/pipeline/check_places.ts";
import { telemetry } from "../../lib/telemetry/telemetry.ts";
import { systemFault, UsageError } from "../../lib/errors.ts";

/**
 * Connects to Kafka where it is configured, else opens the embedded broker.
 *
 * @throws {UsageError} When the broker's file is at a place of something else, or the CA file cannot be read.
 * @throws {BrokerError} As the brokers do.
 */
export async function openConfiguredBroker(
  { kafka, brokerFile, dataDir, stateFile }: Config,
  options: Pick<BrokerOptions, "signal" | "isReadOnly" | "transactionalId"> = {},
): Promise<Broker> {
  checkPlaces({ dataDir, stateFile, brokerFile: kafka === undefined ? brokerFile : null });
  const broker = await openBroker({
    path: brokerFile,
    kafka: kafka && await clientOptions(kafka),
    clock: Date.now,
    ...options,
  });
  if (!telemetry().isOn) return broker;
  const { tracedBroker } = await import("../../lib/pipeline/traces/traced_broker.ts");
  return tracedBroker(broker);
}

async function clientOptions({ brokers, ssl, caFile, sasl }: KafkaConfig) {
  return {
    brokers,
    clientId: "ratalake",
    ...(caFile !== undefined
      ? { ssl: { ca: await readAuthority(caFile) } }
      : ssl
      ? { ssl: true as const }
      : {}),
    ...(sasl && { sasl: { ...sasl, password: sasl.password() } }),
  };
}

async function readAuthority(file: string): Promise<string> {
  try {
    const text = await Deno.readTextFile(file);
    if (text.includes("-----BEGIN CERTIFICATE-----")) return text;
  } catch (cause) {
    const fault = systemFault(cause);
    if (fault === "missing right") throw cause;
    const found = fault === "not found" ? "no such file" : "nothing that can be read";
    throw new UsageError([`Cannot read CA file "${file}": found ${found}, expected PEM certificates`], {
      cause,
    });
  }
  throw new UsageError([
    `Cannot read CA file "${file}": found no certificate in it, expected PEM certificates`,
  ]);
}
