/** Reasons for delays, as the API codes them. */
import type { Cause } from "../train/train_schema.ts";

/** Reasons for deviations with the ids of the API, the common ones of a winter morning. */
export const CAUSES: readonly Cause[] = [
  cause("E", 335611978, "E2", 34865416),
  cause("E", 335611978, "E2", 34865416, ["E201", 84022273]),
  cause("E", 335611978, "E1", 18088200),
  cause("M", 453052490, "M1", 18546952),
  cause("J", 268503114, "J1", 34603272),
  cause("A", 318834762, "A3", 85131528),
  cause("K", 285280330, "K2", 152109320),
  cause("L", 352389194, "L2", 34930952, ["L201", 16913665]),
  cause("L", 352389194, "L6", 118817032, ["L601", 17241345]),
  cause("P", 369166410, "P1", 34996488, ["P109", 151131649]),
  cause("T", 402720842, "T1", 18350344, ["T102", 33626113]),
];

/** Further ones of the recorded day, which no simulated train has. */
export const OTHER_CAUSES: readonly Cause[] = [
  cause("A", 318834762, "A2", 118685960),
  cause("L", 352389194, "L2", 34930952, ["L202", 33690881]),
  cause("L", 352389194, "L2", 34930952, ["L204", 67245313]),
  cause("L", 352389194, "L8", 152371464),
  cause("P", 369166410, "P1", 34996488, ["P108", 134354433]),
];

function cause(
  categoryCode: string,
  categoryCodeId: number,
  detailedCategoryCode: string,
  detailedCategoryCodeId: number,
  third?: readonly [string, number],
): Cause {
  if (third === undefined) {
    return { categoryCode, detailedCategoryCode, categoryCodeId, detailedCategoryCodeId };
  }
  const [thirdCategoryCode, thirdCategoryCodeId] = third;
  return {
    categoryCode,
    detailedCategoryCode,
    thirdCategoryCode,
    categoryCodeId,
    detailedCategoryCodeId,
    thirdCategoryCodeId,
  };
}
