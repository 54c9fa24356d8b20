/** Ranges of the log as predicates on a table with Kafka columns, so that the Delta library finds files and rows. */
import type { Literal, Operator, Predicate } from "../delta/mod.ts";
import type { OffsetRange } from "../tables/topic_table.ts";

/** Takes the rows of the messages of a range. */
export function offsetPredicate(topic: string, { partition, from, to }: OffsetRange): Predicate {
  return {
    kind: "and",
    terms: [
      compare("kafkaTopic", "=", topic),
      compare("kafkaPartition", "=", partition),
      compare("kafkaOffset", ">=", from),
      compare("kafkaOffset", "<", to),
    ],
  };
}

function compare(column: string, operator: Operator, value: Literal): Predicate {
  return { kind: "compare", column: [column], operator, value };
}
