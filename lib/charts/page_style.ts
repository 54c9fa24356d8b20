/** How the page looks: on a screen, light or dark, wide or narrow, and on paper. */
import { markup } from "./markup.ts";

/** The colours, by day and by night. They differ in lightness too, so that they are told apart in print and by everybody. */
export const LIGHT =
  "--page:#fff;--card:#f5f6f8;--line:#d5d9de;--text:#1b1f24;--soft:#555d66;--blue:#0b57a8;" +
  "--good:#00695c;--bad:#b3261e;--look:#8a4b00;--band:#9db7d6;--bar:#3f78b5;--rest:#dde2e8;" +
  "--h1:#cfe0f3;--h2:#94bbe4;--h3:#4f8fd0;--h4:#1f5fa8;--h5:#0b2f5e;--onmark:#fff";
export const DARK =
  "--page:#14171b;--card:#1d2127;--line:#363c45;--text:#e7e9ec;--soft:#a7b0ba;--blue:#84b9f5;" +
  "--good:#5fd0b8;--bad:#ff8f85;--look:#f2b35e;--band:#39597f;--bar:#6ea3dc;--rest:#343b45;" +
  "--h1:#23384f;--h2:#2f5580;--h3:#4480bd;--h4:#7fb5ec;--h5:#d3e8ff;--onmark:#14171b";

/** All rules of a page. */
export const STYLE = markup`<style>
:root{color-scheme:light dark;${LIGHT}}
@media (prefers-color-scheme:dark){:root{${DARK}}}
*{box-sizing:border-box}
body{margin:0;background:var(--page);color:var(--text);font:1rem/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif;overflow-wrap:break-word}
bdi,code,h1,tbody td:not(.n){overflow-wrap:anywhere}
header,nav,main,footer{max-width:60rem;margin:0 auto;padding:0 1rem}
header{padding-top:1.5rem}
h1{font-size:1.7rem;line-height:1.25;margin:.2rem 0 .6rem;text-wrap:balance}
h2{font-size:1.2rem;margin:2.4rem 0 .6rem;padding-top:.8rem;border-top:1px solid var(--line)}
h3{font-size:1rem;margin:1.4rem 0 .4rem}
p{margin:.4rem 0}
a{color:var(--blue)}
:focus-visible{outline:3px solid var(--blue);outline-offset:2px}
.soft,figcaption,caption{color:var(--soft);font-size:.875rem}
.top{display:flex;flex-wrap:wrap;gap:.2rem .8rem;align-items:center;color:var(--soft)}
.top .badge{font-weight:700;letter-spacing:.04em;padding:.1rem .7rem;border-radius:1rem;color:var(--onmark);background:var(--good);border:2px solid var(--good)}
.top .badge.bad{background:var(--bad);border-color:var(--bad);border-radius:0}
.bad{color:var(--bad)}.good{color:var(--good)}
.facts{display:grid;grid-template-columns:repeat(auto-fit,minmax(8.5rem,1fr));gap:.6rem 1.2rem;margin:1rem 0;padding:.8rem 1rem;background:var(--card);border-radius:.5rem}
.facts dt{color:var(--soft);font-size:.8rem}
.facts dd{margin:0;font-weight:600}
.since{border-left:4px solid var(--look);padding:.2rem .8rem;background:var(--card)}
nav ul{display:flex;flex-wrap:wrap;gap:.2rem 1.2rem;list-style:none;margin:0;padding:.2rem 0}
nav a{display:inline-block;padding:.2rem 0}
.skip{position:absolute;left:-999rem}.skip:focus{left:1rem;top:.5rem;background:var(--page);padding:.4rem}
.vh{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}
caption{text-align:left;padding:.2rem 0}
th,td{text-align:left;vertical-align:top;padding:.3rem .6rem .3rem 0;border-bottom:1px solid var(--line);position:relative}
tr>:last-child{padding-right:0}
thead th{color:var(--soft);font-size:.8rem;font-weight:600;vertical-align:bottom}
tbody th{font-weight:600}
thead th,.n{white-space:nowrap}.n{text-align:right}
.group th{padding-top:1rem;border-bottom-width:2px}
.mark{display:inline-block;min-width:1.4em;height:1.4em;line-height:1.4em;text-align:center;border-radius:50%;margin-right:.35em;font-weight:700;font-size:.8rem;color:var(--onmark);background:var(--soft)}
.mark.failed{background:var(--bad);border-radius:0}.mark.unknown,.mark.error{background:var(--bad)}.mark.look{background:var(--look);border-radius:.25em}.mark.passed{background:var(--good)}
.id{white-space:nowrap;width:1%}
.bar{display:block;width:100%;height:.6rem;margin:.45rem 0 0}
.bar .rest{fill:var(--rest)}.bar .part{fill:var(--bar)}
.bar.failed .part,.bar.unknown .part,.bar.error .part{fill:var(--bad)}.bar.look .part{fill:var(--look)}
.bars{width:9rem}.barcell{width:40%}
.spark{width:6.5rem;height:1.4rem;display:block}
.spark rect{fill:var(--bar)}.spark .none{fill:var(--rest)}
.spark path{fill:none;stroke:var(--bar);stroke-width:1.6}
summary{cursor:pointer}
details p,details dl{margin:.3rem 0 .3rem 1rem}
.all{margin-top:1rem}
.numbers{font-size:.875rem}
.scroll{overflow-x:auto}
code{font-size:.875em;background:var(--card);padding:.1em .3em;border-radius:.2em}
figure{margin:1rem 0}
svg{max-width:100%}
svg text{font:13px system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif;fill:var(--text)}
svg .dim{fill:var(--soft);font-size:12px}
svg .strong{font-weight:700}
.pictures{display:flex;flex-wrap:wrap;gap:1rem 2rem}
.pictures figure{flex:1 1 17rem;max-width:28rem;margin:.4rem 0}
.pictures svg{height:auto;display:block}
.node{fill:var(--bar)}.node.loss{fill:var(--bad)}.node.end{fill:var(--good)}
.band{fill:var(--band);opacity:.55}
.p1{fill:var(--h4)}.p2{fill:var(--h2)}.p3{fill:var(--h5)}.p4{fill:var(--h3)}
.ontime{fill:var(--bar)}.late{fill:var(--page);stroke:var(--bad);stroke-width:1.4}
.limit{stroke:var(--text);stroke-width:1.5;stroke-dasharray:4 3;fill:none}
.swatch{width:.8rem;height:.8rem;vertical-align:-.05rem}
.pictures.delays figure{flex:1 1 min(24rem,100%);max-width:none}.delays figcaption{margin-bottom:.3rem}
.seg{table-layout:fixed;min-width:34rem;font-size:.875rem}.seg thead th{white-space:normal}.seg thead th:first-child{width:9.5rem}.seg thead .n{width:4.5rem}.seg th,.seg td{padding-top:.15rem;padding-bottom:.25rem}
.seg .bar{height:.35rem;margin:.1rem 0 0}.seg .n{padding-right:1rem}.seg caption{padding-top:1rem}.seg caption span,.heat caption span{display:block;max-width:calc(100vw - 2.2rem)}
.grid{stroke:var(--line);stroke-width:1}
.series,.leader{fill:none;stroke-width:1.6;stroke:var(--soft)}
.series.all{stroke-width:3}.series.all,.leader.all{stroke:var(--text)}
.s1{stroke:#c25a00}.s2{stroke:#0072b2;stroke-dasharray:7 3}.s3{stroke:#00836a;stroke-dasharray:2 3}.s4{stroke:#a8508a;stroke-dasharray:9 3 2 3}.s5{stroke:#7a6a00;stroke-dasharray:4 4}.s6{stroke:#5a62c8;stroke-dasharray:12 4}.s7{stroke:#8c564b;stroke-dasharray:1 4}
@media (prefers-color-scheme:dark){.s1{stroke:#ffa04d}.s2{stroke:#6db8f2}.s3{stroke:#4fd1b0}.s4{stroke:#e39ccb}.s5{stroke:#d8c84a}.s6{stroke:#a5abff}.s7{stroke:#d3a197}}
.dot{fill:var(--page);stroke:var(--text);stroke-width:2}

.cross{stroke:var(--bad);stroke-width:2.5;fill:none}
.narrow{display:none}
.key .cell{display:inline-block;position:relative;width:1.5rem;height:1.5rem;vertical-align:middle;background:var(--card)}
.rules{font-weight:400;margin-left:.4em}
.chart{width:100%;height:auto}
.heat{width:auto}
.heat th,.heat td{padding:0;border:0}
.heat thead th{font-size:.75rem;text-align:center}
.heat tbody th{padding-right:.8rem;font-weight:400;white-space:nowrap}
.heat td{width:1.5rem;height:1.5rem;border:1px solid var(--page);background:var(--card)}
.heat i{display:block;position:absolute;inset:0;margin:auto;width:0;height:0;border:0 solid var(--h1)}
.heat .h1 i{width:6px;height:6px;border-width:3px;border-color:var(--h2)}
.heat .h2 i{width:10px;height:10px;border-width:5px;border-color:var(--h3)}
.heat .h3 i{width:14px;height:14px;border-width:7px;border-color:var(--h3)}
.heat .h4 i{width:18px;height:18px;border-width:9px;border-color:var(--h4)}
.heat .h5 i{width:22px;height:22px;border-width:11px;border-color:var(--h5)}
.heat .hn i{width:12px;height:12px;border-width:3px;border-color:var(--h4);border-radius:50%}
.heat .hu{background:none}.heat .hu i{width:10px;height:2px;border-width:1px;border-color:var(--soft)}
.heat .mark{margin:0}
.key{display:flex;flex-wrap:wrap;gap:.2rem 1rem;list-style:none;padding:0;margin:.4rem 0}
footer{margin-top:3rem;padding-top:1rem;padding-bottom:2rem;border-top:1px solid var(--line)}
@media (max-width:40rem){h1{font-size:1.35rem}.wide,.wide-inline,.rules{display:none}.narrow{display:block}.bars{width:5rem}.heat tbody th{padding-right:.3rem}.heat td{width:.82rem;height:1.4rem}.heat thead .mark{min-width:0;width:11px;font-size:.6rem}.heat .h5 i{width:12px;height:20px;border-width:6px}.heat .h4 i{width:12px;height:12px;border-width:6px}.heat .h3 i{width:8px;height:8px;border-width:4px}.heat .h2 i{width:6px;height:6px;border-width:3px}.heat .h1 i{width:4px;height:4px;border-width:2px}.heat .hn i{width:10px;height:10px}th,td{padding-right:.4rem}.small{font-size:.85rem}.seg{min-width:30rem}.seg.few{min-width:0}.seg thead th:first-child{width:6.2rem}.seg thead .n{width:3.6rem}.seg .n{padding-right:.5rem}}
@media print{@page{margin:1.5cm}body{font-size:10pt}nav,.skip,.numbers{display:none}header,main,footer{max-width:none;padding:0}h2{break-after:avoid}figure,tr,.facts{break-inside:avoid}details::details-content{content-visibility:visible;block-size:auto}summary{list-style:none}.badge,.mark,.heat td{print-color-adjust:exact;-webkit-print-color-adjust:exact}.scroll{overflow:visible}.seg{break-inside:avoid;min-width:0}.pictures.delays figure{flex-basis:45%}caption{break-after:avoid}}
</style>`;
