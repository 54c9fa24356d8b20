/** The quarantine rows of a chunk as columns. */
import type { Columns } from "../delta/mod.ts";
import { columnsOf } from "./column_buffer.ts";
import { EpochColumn } from "./epoch_column.ts";
import { Int32Column, Int64Column } from "./number_columns.ts";
import type { Rejection } from "./rejection.ts";
import { DictionaryColumn, Utf8Column } from "./text_columns.ts";

function createColumns() {
  return {
    rawValue: new Utf8Column(),
    reasonCode: new DictionaryColumn(),
    message: new DictionaryColumn(),
    jsonPath: new DictionaryColumn(),
    stage: new DictionaryColumn(),
    ruleId: new DictionaryColumn(),
    kafkaMessageTimestamp: new Int64Column(),
    kafkaTopic: new DictionaryColumn(),
    kafkaPartition: new Int32Column(),
    kafkaOffset: new Int64Column(),
    messageKey: new Utf8Column(),
    fetchedAt: new Int64Column(),
    messageKeyBytes: new Utf8Column(),
    sourceEpoch: new EpochColumn(),
  };
}

/** Column buffers of rejections, reused from chunk to chunk. */
export class QuarantineColumns {
  readonly #columns = createColumns();

  append(rejection: Rejection, topic: string): void {
    const c = this.#columns, { key, keyBytes, rawValue, fetchedAtMs } = rejection;
    if (rawValue === null) c.rawValue.appendNull();
    else c.rawValue.append(rawValue);
    c.reasonCode.append(rejection.code);
    c.message.append(rejection.message.toWellFormed());
    c.jsonPath.append(rejection.path.toWellFormed());
    c.stage.append("batch");
    c.ruleId.append(rejection.rule);
    c.kafkaMessageTimestamp.append(rejection.timestampMs * 1000);
    c.kafkaTopic.append(topic);
    c.kafkaPartition.append(rejection.partition);
    c.kafkaOffset.appendBigint(rejection.offset);
    c.messageKey.appendText(key);
    if (fetchedAtMs === null) c.fetchedAt.appendNull();
    else c.fetchedAt.append(fetchedAtMs * 1000);
    if (keyBytes) c.messageKeyBytes.append(keyBytes);
    else c.messageKeyBytes.appendNull();
    c.sourceEpoch.append(rejection.sourceEpoch);
  }

  /** Views of the columns, valid until the next append. */
  toColumns(): Columns {
    return columnsOf(this.#columns);
  }

  clear(): void {
    for (const column of Object.values(this.#columns)) column.clear();
  }
}
