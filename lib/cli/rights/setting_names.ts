/**
 * The flags and variables of `settings.ts` without their meaning, so that the launcher need not load zod, which takes
 * longer than all of its work. A test holds both to each other.
 */

/** What a setting is called. */
export interface SettingName {
  readonly flag: string;
  readonly env: string;
  /** Takes no value. */
  readonly isSwitch?: true;
  /** Only in the environment. */
  readonly isSecret?: true;
}

/** All settings, by the groups in which scripts take them. */
export const SETTING_NAMES: Readonly<
  Record<"broker" | "tables" | "digitraffic" | "state" | "log", readonly SettingName[]>
> = {
  broker: [
    { flag: "broker-file", env: "BROKER_FILE" },
    { flag: "broker", env: "KAFKA_BROKER" },
    { flag: "topic", env: "KAFKA_TOPIC" },
    { flag: "partitions", env: "KAFKA_PARTITIONS" },
    { flag: "group", env: "KAFKA_GROUP" },
    { flag: "kafka-ssl", env: "KAFKA_SSL", isSwitch: true },
    { flag: "kafka-ca-file", env: "KAFKA_CA_FILE" },
    { flag: "kafka-sasl-mechanism", env: "KAFKA_SASL_MECHANISM" },
    { flag: "kafka-username", env: "KAFKA_USERNAME" },
    { flag: "kafka-password", env: "KAFKA_PASSWORD", isSecret: true },
  ],
  tables: [{ flag: "data-dir", env: "DATA_DIR" }],
  digitraffic: [
    { flag: "digitraffic-url", env: "DIGITRAFFIC_URL" },
    { flag: "digitraffic-user", env: "DIGITRAFFIC_USER" },
  ],
  state: [{ flag: "state-file", env: "STATE_FILE" }],
  log: [{ flag: "log-format", env: "LOG_FORMAT" }, { flag: "log-level", env: "LOG_LEVEL" }],
};

/** The settings whose values are places: files, folders, hosts. */
export const PLACE_VARIABLES = [
  "BROKER_FILE",
  "DATA_DIR",
  "DIGITRAFFIC_URL",
  "KAFKA_BROKER",
  "KAFKA_CA_FILE",
  "MQTT_URL",
  "STATE_FILE",
] as const;
