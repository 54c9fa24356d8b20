/** Punctuality, delays, cancellations and causes, from what was counted of the trains. Pure. */
import { type Counts, countsUnder } from "../../tables/counts.ts";
import { type DelayBin, delayBins, delayQuantile } from "./delay_bins.ts";
import { TRAIN_KINDS, type TrainKind } from "../../tables/rows/train_kinds.ts";

/** The figures of some trains. */
export interface TrainFigures {
  /** All of them: those that arrived, cancelled, partly cancelled and unfinished ones. */
  readonly trains: number;
  /** Trains that ran to their end, nothing of them cancelled: delays and punctuality are theirs. */
  readonly arrived: number;
  readonly onTime: number;
  /** Seconds at the final station, below 0 early; null when none arrived. Right but for the width of a bin. */
  readonly medianSeconds: number | null;
  readonly p90Seconds: number | null;
  readonly cancelled: number;
  readonly partlyCancelled: number;
  /** On their way, or without a time that is needed. */
  readonly unfinished: number;
  readonly delays: readonly DelayBin[];
  /** Trains by the categories of causes that are given for them; a train may have several. */
  readonly causes: Counts;
}

/** The figures of one kind. */
export interface KindFigures extends TrainFigures {
  readonly kind: TrainKind;
  readonly name: string;
  /** When a train of the kind is on time. */
  readonly rule: string;
  readonly limitSeconds: number;
}

/** The kinds of which there are trains, in the order of the report. */
export function trafficFigures(traffic: Counts): readonly KindFigures[] {
  return (Object.keys(TRAIN_KINDS) as TrainKind[]).flatMap((kind) => {
    const figures = figuresOf(countsUnder(traffic, `${kind}.`));
    const { name, rule, limitSeconds } = TRAIN_KINDS[kind];
    return figures.trains === 0 ? [] : [{ kind, name, rule, limitSeconds, ...figures }];
  });
}

/** The figures of all kinds together, each on time by its own rule. */
export function jointFigures(traffic: Counts): TrainFigures {
  const sums: Record<string, number> = {};
  for (const [name, count] of Object.entries(traffic)) {
    const inKind = name.slice(name.indexOf(".") + 1);
    sums[inKind] = (sums[inKind] ?? 0) + count;
  }
  return figuresOf(sums);
}

function figuresOf(counts: Counts): TrainFigures {
  const { onTime = 0, cancelled = 0, partlyCancelled = 0, unfinished = 0 } = counts;
  const delays = delayBins(countsUnder(counts, "delay."));
  const arrived = delays.reduce((sum, { trains }) => sum + trains, 0);
  return {
    trains: arrived + cancelled + partlyCancelled + unfinished,
    ...{ arrived, onTime },
    medianSeconds: delayQuantile(delays, 0.5),
    p90Seconds: delayQuantile(delays, 0.9),
    ...{ cancelled, partlyCancelled, unfinished, delays },
    causes: countsUnder(counts, "cause."),
  };
}
