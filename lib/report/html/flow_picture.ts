/** A flow as a picture: what came in, what became of it, each as high as there is of it. */
import { d3Shape } from "../../packages/d3.ts";
import { grouped } from "../../printable.ts";
import { type FlowBand, type FlowNode, type FlowPart, layOutFlow } from "./flow_layout.ts";
import { type Markup, markup } from "../../charts/markup.ts";
import { px } from "../../charts/marks.ts";

/** What the picture is called. */
interface FlowTexts {
  readonly id: string;
  readonly title: string;
}

const HIGH = 150, NODE = 10, COLUMN = 138, LABEL_WIDE = 108;

/** The figure. */
export function flowPicture(source: FlowPart, { id, title }: FlowTexts): Markup {
  const { nodes, bands, columns, height } = layOutFlow(source, HIGH);
  const width = (columns - 1) * COLUMN + NODE + LABEL_WIDE;
  return markup`<figure><svg width="${width}" viewBox="0 0 ${width} ${
    px(height + 4)
  }" role="img" aria-labelledby="${id}-t ${id}-d">
<title id="${id}-t">${title}</title>
<desc id="${id}-d">${nodes.map(({ part }) => `${part.name}: ${grouped(part.count)}`).join("; ")}.</desc>
${bands.map(bandPath)}${nodes.map(nodeOf)}
</svg><figcaption>${title}, to scale</figcaption></figure>`;
}

function bandPath({ fromColumn, fromY, toY, high }: FlowBand): Markup {
  const points = [{ x: fromColumn * COLUMN + NODE, y: fromY }, { x: (fromColumn + 1) * COLUMN, y: toY }];
  const path = d3Shape.area<typeof points[number]>().x(({ x }) => x).y0(({ y }) => y).y1(({ y }) => y + high)
    .curve(d3Shape.curveBumpX).digits(1)(points) ?? "";
  return markup`<path class="band" d="${path}"/>`;
}

function nodeOf({ part, column, y, high }: FlowNode): Markup {
  const x = column * COLUMN;
  return markup`<rect class="node ${part.look ?? "way"}" x="${x}" y="${px(y)}" width="${NODE}" height="${
    px(high)
  }"/><text x="${x + NODE + 5}" y="${px(y + 13)}">${part.name}</text><text class="strong" x="${
    x + NODE + 5
  }" y="${px(y + 29)}">${grouped(part.count)}</text>`;
}
