/** Where the nodes and bands of a flow lie: everything to one scale, nothing on top of anything else. Pure. */

/** A kind of message or row, and how many there are. */
export interface FlowPart {
  readonly name: string;
  readonly count: number;
  /** How it is coloured: lost, or at its end. */
  readonly look?: "loss" | "end";
  /** What it is divided into. */
  readonly parts?: readonly FlowPart[];
}

/** A node with its place. */
export interface FlowNode {
  readonly part: FlowPart;
  /** How many steps from the source. */
  readonly column: number;
  readonly y: number;
  readonly high: number;
}

/** What goes from one node to the next. */
export interface FlowBand {
  readonly fromColumn: number;
  readonly fromY: number;
  readonly toY: number;
  readonly high: number;
}

/** A flow, ready to draw. */
export interface FlowLayout {
  readonly nodes: readonly FlowNode[];
  readonly bands: readonly FlowBand[];
  readonly columns: number;
  readonly height: number;
}

/** Room for the two lines of a label. */
const LABEL = 36;
const GAP = 6;
/** So much is seen of one in a million. */
const LEAST = 1.5;

/** Lays a flow out, its source as high as given. What is 0 is left out. */
export function layOutFlow(source: FlowPart, height: number): FlowLayout {
  const scale = height / Math.max(source.count, sumOf(source.parts ?? []), 1);
  const highOf = ({ count }: FlowPart) => Math.max(count * scale, LEAST);
  const nodes: FlowNode[] = [];
  const bands: FlowBand[] = [];
  const free: number[] = [];
  const place = (part: FlowPart, column: number, wish: number): number => {
    const y = Math.max(wish, free[column] ?? 0);
    nodes.push({ part, column, y, high: highOf(part) });
    free[column] = y + Math.max(highOf(part), LABEL) + GAP;
    let fromY = y;
    for (const child of (part.parts ?? []).filter(({ count }) => count > 0)) {
      const toY = place(child, column + 1, fromY);
      bands.push({ fromColumn: column, fromY, toY, high: highOf(child) });
      fromY += highOf(child);
    }
    return y;
  };
  place(source, 0, 0);
  const bottom = nodes.reduce((most, { y, high }) => Math.max(most, y + Math.max(high, LABEL)), 0);
  return { nodes, bands, columns: free.length, height: bottom };
}

function sumOf(parts: readonly FlowPart[]): number {
  return parts.reduce((sum, { count }) => sum + count, 0);
}
