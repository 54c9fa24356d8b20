/** The flow of the accounting, before it is drawn. */
import { assert, assertEquals } from "@std/assert";
import { type FlowPart, layOutFlow } from "../../../lib/report/html/flow_layout.ts";

const FLOW: FlowPart = {
  name: "offsets",
  count: 1000,
  parts: [
    {
      name: "landed",
      count: 900,
      parts: [{ name: "accepted", count: 899 }, { name: "stale", count: 0 }, {
        name: "quarantined",
        count: 1,
      }],
    },
    { name: "gaps", count: 100 },
  ],
};

Deno.test("everything has the height that it has a share of, the least is seen, and nothing is drawn of nothing", () => {
  const { nodes, bands, columns } = layOutFlow(FLOW, 100);
  assertEquals(
    nodes.map(({ part, column, high }) => [part.name, column, Math.round(10 * high) / 10]),
    [["offsets", 0, 100], ["landed", 1, 90], ["accepted", 2, 89.9], ["quarantined", 2, 1.5], ["gaps", 1, 10]],
  );
  assertEquals([columns, bands.length], [3, 4]);
});

Deno.test("no node and no label lies on another, however many small ones there are", () => {
  const parts = Array.from({ length: 12 }, (_, at) => ({ name: `part ${at}`, count: at === 0 ? 1e9 : 1 }));
  const { nodes, height } = layOutFlow({ name: "all", count: 1e9 + 11, parts }, 150);
  const column = nodes.filter((node) => node.column === 1);
  column.slice(1).forEach(({ y }, at) => {
    const above = column[at];
    assert(above !== undefined && y >= above.y + Math.max(above.high, 36));
  });
  assert(column.every(({ y, high }) => y + high <= height));
});

Deno.test("parts that are more than their whole stay in the picture", () => {
  const { nodes } = layOutFlow({ name: "all", count: 10, parts: [{ name: "part", count: 40 }] }, 100);
  assertEquals(nodes.map(({ high }) => high), [25, 100]);
});
