"""The look of the report: one style sheet for screen, phone and A4 paper. No font, image or script from elsewhere.

Belongs here: CSS. Colour never carries meaning alone: the words do.
"""

STYLE = """
:root{color-scheme:light}
*{box-sizing:border-box}
body{font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,Arial,sans-serif;color:#14181d;background:#fff;margin:0 auto;
max-width:58rem;padding:1.5rem 1.25rem 3rem;overflow-wrap:anywhere}
h1{font-size:1.6rem;line-height:1.25;margin:.2rem 0 1rem}h2{font-size:1.25rem;margin:2.2rem 0 .6rem}
h3{font-size:1.05rem;line-height:1.4;margin:.35rem 0 .6rem}
p{margin:.4rem 0}a{color:#0b4f9e}
.eyebrow,.note{color:#454d57;font-size:.92rem}
.verdict{border:2px solid #14181d;border-left-width:.75rem;border-radius:.4rem;padding:.9rem 1.1rem;margin:1rem 0}
.verdict strong{font-size:1.15rem;line-height:1.4;display:block}
.accepted{border-color:#1c6b34;background:#f1f8f3}.part{border-color:#8a5200;background:#fdf6ea}.held{border-color:#a40e26;background:#fdf1f2}
.facts{display:grid;grid-template-columns:max-content 1fr;gap:.2rem 1.2rem;margin:.8rem 0}
.facts dt{color:#454d57}.facts dd{margin:0}
table{border-collapse:collapse;width:100%;margin:.6rem 0;font-variant-numeric:tabular-nums}
caption{text-align:left;color:#454d57;font-size:.92rem;padding-bottom:.3rem}
th,td{padding:.4rem .7rem .4rem 0;border-bottom:1px solid #c9d0d8;text-align:left;vertical-align:top}
thead th{border-bottom:2px solid #14181d;font-size:.92rem}
.number{text-align:right;white-space:nowrap}tbody th{font-weight:600}
tr.sum th,tr.sum td{border-top:2px solid #14181d;font-weight:600}
.group{border:1px solid #c9d0d8;border-left:.4rem solid #454d57;border-radius:.4rem;padding:.8rem 1.1rem;margin:1rem 0}
.group.blocking{border-left-color:#a40e26}.group.warning{border-left-color:#8a5200}
.badge{display:inline-block;border:1.5px solid currentColor;border-radius:1rem;padding:0 .7rem;font-size:.86rem;font-weight:600}
.blocking .badge{color:#a40e26}.warning .badge{color:#7d4a00}.info .badge{color:#454d57}
.value{font-family:ui-monospace,Consolas,"Liberation Mono",monospace;font-size:.94em;white-space:pre-wrap}
details{border:1px solid #c9d0d8;border-radius:.4rem;padding:.7rem 1.1rem;margin:1rem 0}
summary{font-weight:600;font-size:1.1rem;cursor:pointer}
footer{margin-top:2.5rem;border-top:1px solid #c9d0d8;padding-top:.8rem}
@media(max-width:600px){
body{padding:1rem .9rem 2rem}h1{font-size:1.3rem}
.facts{grid-template-columns:6.5rem 1fr;gap:.2rem .6rem}
thead{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
table,tbody,tr,th,td,caption{display:block;width:100%}
tbody tr{border:1px solid #c9d0d8;border-radius:.4rem;margin:.5rem 0;padding:.3rem .7rem}
tr.sum th,tr.sum td{border-top:0}
tbody th,tbody td{border:0!important;padding:.15rem 0;display:grid;grid-template-columns:6.5rem 1fr;gap:.6rem;text-align:left}
tbody td::before{content:attr(data-label);color:#454d57;font-weight:400}
tbody th{display:block}.number{white-space:normal;text-align:left}.group{padding:.7rem .8rem}
}
@page{size:A4;margin:16mm 14mm}
@media print{
body{max-width:none;padding:0;font-size:10.5pt;color:#000}
.verdict,.group,.accepted,.part,.held{background:#fff}
.verdict,tr,dl{break-inside:avoid}h2,h3,.badge,caption,summary{break-after:avoid}thead{display:table-header-group}
.group{border-color:#666;break-inside:avoid}a{color:#000;text-decoration:none}
details::details-content{content-visibility:visible;display:block;block-size:auto}
}
""".strip()
