/** How pictures look, on pages and alone: by day, by night, and on paper without colours. */
import { DARK, LIGHT } from "./page_style.ts";
import { markup } from "./markup.ts";

/** All of it holds for pictures alone, so that a notebook around them stays as it is. */
export const CHART_STYLE = markup`.pic{${LIGHT};display:block;max-width:100%;height:auto}
@media (prefers-color-scheme:dark){.pic{${DARK}}}
.pic text{font:13px system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif;fill:var(--text)}
.pic .dim{fill:var(--soft);font-size:12px}
.pic .finding{font-size:16px;font-weight:700}
.pic .strong{font-weight:700}
.pic .halo{paint-order:stroke;stroke:var(--page);stroke-width:3px;stroke-linejoin:round}
.pic .page{fill:var(--page)}
.pic path{fill:none}
.pic .rule{stroke:var(--line);stroke-width:1}
.pic .axis{stroke:var(--soft);stroke-width:1}
.pic .planned{stroke:var(--soft);stroke-width:.9;opacity:.8}
.pic .actual{stroke:var(--bar);stroke-width:2.4;stroke-linejoin:round}
.pic .behind{stroke:var(--bad);stroke-width:3.4;stroke-linejoin:round}
.pic .many .actual{stroke-width:1.1}.pic .many .behind{stroke-width:1.7}.pic .many .planned{stroke-width:.5}
.pic .off{stroke:var(--text);stroke-width:1.8;stroke-dasharray:3 4}
.pic .limit{stroke:var(--text);stroke-width:1.4;stroke-dasharray:4 3}
.pic .fill{fill:var(--bar)}.pic .hollow{fill:var(--page);stroke:var(--bad);stroke-width:1.6}
.pic .worst{stroke:var(--text);stroke-width:2}
.pic .cross{stroke:var(--bad);stroke-width:2.5}
.pic .stop{fill:var(--page);stroke:var(--text);stroke-width:1.2}
.pic .e0,.pic .e1,.pic .e2,.pic .e3{stroke-linecap:round}
.pic .e0{stroke:var(--h2)}.pic .e1{stroke:var(--h3)}.pic .e2{stroke:var(--h4)}.pic .e3{stroke:var(--bad)}
.pic .leader{stroke:var(--soft);stroke-width:1}
.pic .l1,.pic .l2,.pic .l3,.pic .l4,.pic .l5,.pic .l6{stroke-width:2.4;stroke-linejoin:round}
.pic .l1{stroke:#c25a00}.pic .l2{stroke:#0072b2;stroke-dasharray:9 3}.pic .l3{stroke:#00836a;stroke-dasharray:2 3}.pic .l4{stroke:#a8508a;stroke-dasharray:9 3 2 3}.pic .l5{stroke:#7a6a00;stroke-dasharray:5 5}.pic .l6{stroke:#5a62c8;stroke-dasharray:14 4}
@media (prefers-color-scheme:dark){.pic .l1{stroke:#ffa04d}.pic .l2{stroke:#6db8f2}.pic .l3{stroke:#4fd1b0}.pic .l4{stroke:#e39ccb}.pic .l5{stroke:#d8c84a}.pic .l6{stroke:#a5abff}}
.pic .c1{fill:var(--h1)}.pic .c2{fill:var(--h2)}.pic .c3{fill:var(--h3)}.pic .c4{fill:var(--h4)}.pic .c5{fill:var(--h5)}.pic .c0{fill:var(--card);stroke:var(--line)}
.pic .on4,.pic .on5{fill:var(--onmark)}@media (prefers-color-scheme:dark){.pic .on3{fill:var(--onmark)}}
.pic .few{stroke:var(--soft);stroke-dasharray:2 2;stroke-width:1}
.picture figcaption b{color:var(--text);font-size:1.05rem}
.picture .source{font-size:.75rem}
.picture .pic.wide{width:100%}
.pic.narrow{display:none;width:100%}
@media (max-width:40rem){.pic.wide{display:none}.pic.narrow{display:block}}
@media print{.pic *{print-color-adjust:exact;-webkit-print-color-adjust:exact}.picture{break-inside:avoid}}
`;
