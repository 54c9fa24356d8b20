/** How cost grows: the figures of the lines of `--growth`, and what they say. */

/** One line of the table of growth. */
export interface GrowthFigures {
  /** Lines of one group are compared with its first. */
  readonly group: string;
  readonly name: string;
  /** What the line does, in units that its group shares: messages, rows. */
  readonly work: number;
  readonly bestSeconds: number;
  readonly medianSeconds: number;
  readonly bestCpuSeconds: number;
  readonly peakBytes: number | null;
  /** Live data files of all tables afterwards. */
  readonly files: number;
}

/** Beside the first line of the group, per unit of work. */
export interface Growth {
  readonly wall: number;
  readonly cpu: number;
}

/** A line that needs so much more per unit of work than the first of its group grows faster than its work. */
export const GROWTH_LIMIT = 1.2;

/** How much more a line needs per unit of work than the first of its group; null for that line. */
export function growthOf(line: GrowthFigures, all: readonly GrowthFigures[]): Growth | null {
  const first = all.find(({ group }) => group === line.group);
  if (first === undefined || first === line) return null;
  const work = line.work / first.work;
  return {
    wall: line.bestSeconds / first.bestSeconds / work,
    cpu: line.bestCpuSeconds / first.bestCpuSeconds / work,
  };
}

/** The lines that cost more per unit of work than the limit allows, in seconds of the wall or of CPU. */
export function growing(all: readonly GrowthFigures[]): readonly GrowthFigures[] {
  return all.filter((line) => {
    const { wall, cpu } = growthOf(line, all) ?? { wall: 0, cpu: 0 };
    return Math.max(wall, cpu) > GROWTH_LIMIT;
  });
}
