/** Turns flags and environment variables into one complete, checked configuration. */
import { type OptionSource, type OptionTable, type OptionValues, readOptions } from "./options.ts";
import { UsageError } from "../errors.ts";
import { withoutSecrets } from "../printable.ts";
import { type SettingGroup, SETTINGS, type SettingValues } from "./settings.ts";

/** How to reach a Kafka or Redpanda cluster. */
export interface KafkaConfig {
  /** host:port of each broker to ask first. */
  readonly brokers: readonly string[];
  readonly ssl: boolean;
  /** PEM file of the authority that signed the brokers' certificates; the system's authorities when undefined. */
  readonly caFile: string | undefined;
  readonly sasl: SaslConfig | undefined;
}

/** Who we are to the cluster. */
interface SaslConfig {
  readonly mechanism: "plain" | "scram-sha-256" | "scram-sha-512";
  readonly username: string;
  /** A function, so that no log line, JSON or error report can show it by accident. */
  readonly password: () => string;
}

/** Everything the environment and the shared flags decide, checked and complete. */
export interface Config {
  /** Undefined: the embedded broker. */
  readonly kafka: KafkaConfig | undefined;
  readonly topic: string;
  /** For a topic that has to be created; an existing one keeps its own. */
  readonly partitions: number;
  readonly group: string;
  /** The embedded broker's file; nothing is there when Kafka is used. */
  readonly brokerFile: string;
  /** Folder of the tables, without a slash at its end. */
  readonly dataDir: string;
  /** What `fetch` has published, so that it publishes only what is new. */
  readonly stateFile: string;
  readonly digitraffic: { readonly url: string; readonly user: string };
  readonly log: LogConfig;
}

/** What log lines look like and which are shown. */
export interface LogConfig {
  readonly format: "human" | "json";
  readonly level: "debug" | "info" | "warning" | "error";
}

/** What a script takes from the command line beside the shared settings. */
export interface Offer<Table extends OptionTable> {
  /** Shared settings that the script uses; the others keep their defaults whatever the environment says. */
  readonly settings?: readonly SettingGroup[];
  /** The script's own options. */
  readonly options?: Table;
  /** Positional arguments; none are accepted when absent. */
  readonly positionals?: Positionals;
}

/** Which positional arguments a script accepts. */
interface Positionals {
  /** For `--help`: "file...". */
  readonly value: string;
  readonly summary: string;
  readonly least: number;
  readonly most: number;
}

/** A command line without faults, read. */
export interface CommandLine<Table extends OptionTable> {
  readonly config: Config;
  readonly flags: OptionValues<Table>;
  readonly positionals: readonly string[];
}

/**
 * Reads flags and environment into a complete configuration.
 *
 * Flag beats environment beats default; an empty variable counts as unset.
 *
 * @throws {UsageError} with all faults together.
 */
export function readConfig<Table extends OptionTable = Record<never, never>>(
  source: OptionSource,
  offer: Offer<Table> = {},
): CommandLine<Table> {
  const { values, positionals, faults } = readOptions(optionsOf(offer), source);
  const hidden = readOptions(hiddenOptions(offer), { args: [], env: {} });
  const settings = { ...hidden.values, ...values };
  const all = [...faults, ...positionalFaults(positionals, offer.positionals), ...saslFaults(settings)];
  if (all.length > 0) throw new UsageError(all);
  // Every option of both tables passed its schema: the values are complete and of the schemas' types.
  return {
    config: buildConfig(settings as SettingValues),
    flags: values as OptionValues<Table>,
    positionals,
  };
}

/** All options a script understands, its own first. */
export function optionsOf(offer: Offer<OptionTable>): OptionTable {
  return Object.assign({}, offer.options, ...offeredGroups(offer).map((group) => SETTINGS[group]));
}

function offeredGroups({ settings = [] }: Offer<OptionTable>): readonly SettingGroup[] {
  return [...settings, "log"];
}

function hiddenOptions(offer: Offer<OptionTable>): OptionTable {
  const offered: readonly string[] = offeredGroups(offer);
  return Object.assign(
    {},
    ...Object.entries(SETTINGS).filter(([group]) => !offered.includes(group)).map(([, table]) => table),
  );
}

function buildConfig(values: SettingValues): Config {
  return {
    kafka: values.broker && { brokers: values.broker, ...securityOf(values) },
    topic: values.topic,
    partitions: values.partitions,
    group: values.group,
    brokerFile: values.brokerFile ?? `${values.dataDir}/broker.db`,
    dataDir: values.dataDir,
    stateFile: values.stateFile ?? `${values.dataDir}/publish_state.json`,
    digitraffic: { url: values.digitrafficUrl, user: values.digitrafficUser },
    log: { format: values.logFormat, level: values.logLevel },
  };
}

function securityOf(values: SettingValues): Omit<KafkaConfig, "brokers"> {
  const { kafkaSaslMechanism: mechanism, kafkaUsername: username, kafkaPassword: password } = values;
  const isComplete = mechanism !== undefined && username !== undefined && password !== undefined;
  return {
    ssl: values.kafkaSsl || values.kafkaCaFile !== undefined,
    caFile: values.kafkaCaFile,
    sasl: isComplete ? { mechanism, username, password: () => password } : undefined,
  };
}

/** With a part of them the connection would be anonymous, so the three belong together. */
function saslFaults(values: Partial<SettingValues>): string[] {
  const names = ["kafkaSaslMechanism", "kafkaUsername", "kafkaPassword"] as const;
  // A value that was refused is no key here and has its own fault already.
  if (!names.every((name) => name in values)) return [];
  const missing = names.filter((name) => values[name] === undefined);
  if (missing.length === 0 || missing.length === names.length) return [];
  const variables = (list: readonly (typeof names)[number][]) =>
    list.map((name) => SETTINGS.broker[name].env).join(", ");
  const present = names.filter((name) => !missing.includes(name));
  return [`Cannot use "${variables(present)}": found no ${variables(missing)}, expected all three or none`];
}

function positionalFaults(given: readonly string[], accepted: Positionals | undefined): string[] {
  if (accepted === undefined) {
    return given.map((argument) =>
      `Cannot use "${
        argument.includes("://") ? withoutSecrets(argument) : argument
      }": found a positional argument, expected only flags`
    );
  }
  const { value, least, most } = accepted;
  if (given.length >= least && given.length <= most) return [];
  const expected = least === most ? least : most === Infinity ? `at least ${least}` : `${least} to ${most}`;
  return [`Cannot use the positional arguments "${value}": found ${given.length}, expected ${expected}`];
}
