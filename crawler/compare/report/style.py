"""The style sheet of the report: system fonts, a phone first, colours as variables for light, dark and paper."""

from typing import Final

from crawler.compare.report.elements import Html

_LIGHT: Final = """
--ground:#f5f5f2;--shade:#0000002b;--paper:#fff;--ink:#1b1f24;--muted:#565e68;--line:#cfd4da;--grid:#e8eaed;--band:#e3e6ea;
--processes:#0b5fb0;--threads:#c0480b;--inline:#0b7a60;--interpreters:#8b3f9c;--shards:#b8860b;--auto:#1b1f24;
--good:#0b6b4f;--bad:#a63a08;--warm:#fdf3dd;--warm-line:#e2c27a;
--strong:#3b4652;--middle:#8a97a6;--faint:#ccd3db;
--waiting:#d7dde5;--receiving:#8fb1d6;--queuing:#eab64f;--computing:#1b1f24;
"""
_DARK: Final = """
--ground:#121518;--shade:#000000a0;--paper:#1a1e22;--ink:#e7eaed;--muted:#a4adb7;--line:#3a424a;--grid:#2a3036;--band:#2c333a;
--processes:#6db1ff;--threads:#ff9a57;--inline:#3ecfa4;--interpreters:#dc9bf0;--shards:#ffd84d;--auto:#f1f3f5;
--good:#5fdcb2;--bad:#ffa873;--warm:#2e2818;--warm-line:#6d5a2a;
--strong:#c7d0d9;--middle:#7c8894;--faint:#465059;
--waiting:#333c45;--receiving:#4f7dab;--queuing:#a87916;--computing:#f1f3f5;
"""

_RULES: Final = """
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%;text-size-adjust:100%}
body{margin:0;background:var(--ground);color:var(--ink);font:16px/1.6 system-ui,-apple-system,"Segoe UI",
"Hiragino Sans","Hiragino Kaku Gothic ProN","Yu Gothic UI",Meiryo,"Noto Sans CJK JP","Noto Sans JP",sans-serif;
font-feature-settings:"tnum";overflow-wrap:break-word}
main,header{max-width:1220px;margin:0 auto}header{padding:0 14px}
h1,h2,h3{line-height:1.25;text-wrap:balance;margin:0}
h1{font-size:.85rem;font-weight:600;letter-spacing:.04em;color:var(--muted)}
h2{font-size:1.45rem;font-weight:650;letter-spacing:-.01em}
h3{font-size:1rem;font-weight:650}
p,ul,ol,dl{margin:0}
a{color:inherit;text-underline-offset:.2em}
code{font:.92em ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono","Noto Sans Mono CJK JP",monospace;
overflow-wrap:anywhere}
header{padding-top:28px;padding-bottom:20px}
.verdict{font-size:clamp(1.4rem,1.05rem + 1.5vw,2.1rem);line-height:1.25;font-weight:650;letter-spacing:-.018em;
text-wrap:balance;max-width:30em;margin:.35em 0 .5em}
.verdict code{font:inherit;white-space:nowrap}
.whole{white-space:nowrap}
.more{list-style:none;padding:0;max-width:44em;display:grid;gap:.35em}
div>ul.small{list-style:none;padding:8px 0 0;margin:0}
.small{color:var(--muted);font-size:.85rem;line-height:1.55}
header .small{margin-top:1.1em;max-width:60em}
nav ul{list-style:none;padding:0;display:flex;flex-wrap:wrap;gap:8px;margin-top:1.1em}
nav a{display:block;padding:3px 13px;border:1px solid var(--line);border-radius:99px;text-decoration:none;
font-size:.9rem;background:var(--paper)}
nav a:hover,nav a:focus-visible{border-color:var(--ink)}
.note details{border:0;padding:0}.note summary{font-size:inherit}.note details[open]>summary{margin-bottom:6px}
.note ul+details{margin-top:.4em}
.note{background:var(--warm);border:1px solid var(--warm-line);border-radius:10px;padding:10px 14px;font-size:.92rem;
margin-top:1.1em;width:fit-content;max-width:100%}
.note ul{list-style:none;padding:0;display:grid;gap:.3em}
section{background:var(--paper);border:solid var(--line);border-width:1px 0;padding:22px 12px 24px;margin:0 0 16px;
display:grid;gap:18px;grid-template-columns:minmax(0,1fr)}
.about{color:var(--muted)}
.says{display:grid;gap:.4em;list-style:none;padding:0;max-width:50em;font-size:1.06rem}
.facts{display:flex;flex-wrap:wrap;gap:12px 34px}
.facts div{display:flex;flex-direction:column}
.facts dt{font-size:.8rem;color:var(--muted)}
.facts dd{margin:0;font-weight:600}
.facts dd small{font-weight:400;color:var(--muted);font-size:.85rem}
figure{margin:0;min-width:0}
figcaption{font-size:.88rem;line-height:1.5;color:var(--muted);max-width:46em;padding-top:4px}
figure h3,figure h4{padding-bottom:4px}
h4{font-size:.9rem;font-weight:600;line-height:1.3;margin:0}
.grid{display:grid;gap:26px 18px;align-items:start;
grid-template-columns:repeat(auto-fill,minmax(min(100%,330px),1fr))}
.span{grid-column:1/-1}
svg{display:block;width:100%;height:auto;overflow:visible}
svg{font-size:12px}
svg text{paint-order:stroke;stroke:var(--paper);stroke-width:5px;stroke-linejoin:round}
svg text:not([fill]){fill:var(--ink)}
.chart svg{max-width:400px}
.chart.wide svg{max-width:860px}
.chart.wide{display:none}
@media(min-width:760px){
.chart.wide{display:block}.chart.slim{display:none}
main,header{padding-left:24px;padding-right:24px}
header{padding-top:52px;padding-bottom:28px}
section{padding:28px 24px 30px;gap:22px;border-width:1px;border-radius:14px;margin-bottom:20px}
.grid>.two{grid-column:span 2}
}
.box{overflow-x:auto;background:linear-gradient(to left,var(--paper) 40%,transparent) right/44px 100% local no-repeat,
linear-gradient(to left,var(--shade),transparent) right/14px 100% scroll no-repeat}
.box:focus-visible,summary:focus-visible,a:focus-visible{outline:2px solid var(--processes);outline-offset:2px}
table{border-collapse:collapse;font-size:.86rem;line-height:1.4;min-width:100%;font-variant-numeric:tabular-nums}
caption{text-align:left;color:var(--muted);font-size:.85rem;padding:0 0 6px}
th,td{padding:6px 7px;text-align:right;white-space:nowrap;border-bottom:1px solid var(--grid);font-weight:400}
thead th{color:var(--muted);font-size:.8rem;vertical-align:bottom;border-bottom-color:var(--line);line-height:1.25}
thead th small{display:block;font-size:.92em}
tbody th,thead th:first-child,.words{text-align:left}
tbody th{position:sticky;left:0;background:var(--paper);max-width:17em;overflow:hidden;text-overflow:ellipsis}
tr.first>*{font-weight:600}
tr.aside>*{color:var(--muted)}
.key{display:inline-block;width:10px;height:10px;margin-right:8px;border:2px solid var(--c,var(--muted));
background:var(--c,var(--muted));vertical-align:-.5px}
.key.circle{border-radius:50%}.key.diamond{transform:rotate(45deg) scale(.86)}.key.hollow{background:none}
.key.plain{border:0;width:16px;border-radius:2px}
.key.cut{border:0;background:linear-gradient(90deg,var(--c) 40%,transparent 40% 60%,var(--c) 60%)}
.key.cross{border:0;background:linear-gradient(var(--c),var(--c)) center/34% 100% no-repeat,
linear-gradient(var(--c),var(--c)) center/100% 34% no-repeat}
.processes{--c:var(--processes)}.threads{--c:var(--threads)}.inline{--c:var(--inline)}
.interpreters{--c:var(--interpreters)}.shards{--c:var(--shards)}.auto{--c:var(--auto)}
.legend{display:flex;flex-wrap:wrap;gap:4px 18px;font-size:.85rem;color:var(--muted);list-style:none;padding:0}
.legend li{white-space:nowrap}
.grid>.legend{flex-direction:column}
.faster{color:var(--good)}.slower,.failed,.disqualified,.bad{color:var(--bad)}
details{border-top:1px solid var(--grid);padding-top:12px;min-width:0}
summary{cursor:pointer;font-weight:600;font-size:.95rem;padding:2px 0}
details[open]>summary{margin-bottom:14px}
details>.grid+*{margin-top:18px}
pre{margin:0;padding:12px 14px;background:var(--ground);border-radius:8px;overflow-x:auto;font-size:.88rem}
dl.list{display:grid;grid-template-columns:minmax(0,max-content) minmax(0,1fr);gap:3px 18px;font-size:.9rem}
dl.list dt{color:var(--muted)}dl.list dd{margin:0}
section>ul:not(.says):not(.legend){padding-left:1.4em;display:grid;gap:.3em;max-width:52em}
@media(max-width:480px){table{font-size:.8rem}th,td{padding:5px 4px}thead th{font-size:.75rem}.key{margin-right:5px}}
@media print{
:root{color-scheme:light;LIGHT}
@page{margin:14mm}
body{font-size:10.5pt}
nav{display:none}
section{border:0;padding:0;break-inside:auto}
figure,tr{break-inside:avoid}
main,header{padding:0;max-width:none}body{background:#fff}
.box{overflow:visible;background:none}table,thead th{font-size:6.6pt}th,td{padding:2px 3px}tbody th{position:static}
.key{margin-right:3px}
}
"""

STYLE: Final = Html(
    f":root{{color-scheme:light dark;{_LIGHT}}}\n@media(prefers-color-scheme:dark){{:root{{{_DARK}}}}}\n"
    + _RULES.replace("LIGHT", _LIGHT)
)
