/** The whole look of a report. System fonts, two schemes, and print; nothing is fetched. */
export const STYLE = `
:root { color-scheme: light dark; --ink:#1c2330; --dim:#5b6678; --paper:#fbfbf9; --card:#fff; --line:#dfe3e8; --ok:#1d7a46; --bad:#b42318; --warn:#8a5a00; --soft:#f1f3f5; --badsoft:#fdecea; --oksoft:#e8f5ee }
@media (prefers-color-scheme: dark) { :root { --ink:#e6e9ee; --dim:#9aa5b5; --paper:#12161d; --card:#1a2029; --line:#303947; --ok:#6fd19b; --bad:#ff8f84; --warn:#e8b964; --soft:#222a35; --badsoft:#3a1f1f; --oksoft:#173327 } }
* { box-sizing: border-box }
body { margin:0 auto; max-width:64rem; padding:2rem 1.25rem 4rem; background:var(--paper); color:var(--ink); font:16px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif }
h1 { font-size:1.15rem; font-weight:600; color:var(--dim); margin:0 0 1.5rem } h2 { font-size:1.05rem; margin:0 0 .25rem } h3 { font-size:.8rem; letter-spacing:.06em; text-transform:uppercase; color:var(--dim); margin:1.6rem 0 .5rem }
p { margin:.35rem 0 } a { color:inherit; text-underline-offset:.15em } :focus-visible { outline:2px solid currentColor; outline-offset:2px }
article { background:var(--card); border:1px solid var(--line); border-radius:10px; padding:1.4rem 1.5rem; margin:1.25rem 0; overflow-wrap:anywhere }
.headline { font-size:1.35rem; line-height:1.35; font-weight:600; margin:.4rem 0 .2rem; text-wrap:pretty } .dim { color:var(--dim) }
.tag { display:inline-block; border-radius:99px; padding:.05rem .6rem; font-size:.82rem; font-weight:600; border:1px solid currentColor; white-space:nowrap }
.pass { color:var(--ok) } .fail, .broken { color:var(--bad) } .flaky { color:var(--warn) } .skipped { color:var(--dim) }
.way { display:flex; flex-wrap:wrap; gap:.35rem 0; list-style:none; padding:0; margin:.4rem 0; align-items:stretch } .way::before { content:attr(data-name); width:3.2rem; color:var(--dim); font-size:.85rem; align-self:center }
.way li { padding:.3rem .6rem; margin-right:1.15rem; border:1px solid var(--line); border-radius:6px; background:var(--soft); font-size:.88rem; position:relative }
.way li:not(:last-child)::after { content:"→"; position:absolute; right:-1.05rem; color:var(--dim) }
.way .passed { background:var(--oksoft) } .way .failed { background:var(--badsoft); border:2px solid var(--bad); font-weight:700 } .way .not { border-style:dashed; color:var(--dim); background:none }
pre { margin:.35rem 0; padding:.6rem .8rem; background:var(--soft); border:1px solid var(--line); border-radius:6px; font:13.5px/1.5 ui-monospace, "Cascadia Mono", Menlo, Consolas, monospace; white-space:pre-wrap } .undo { background:none; border-style:dashed; color:var(--dim) }
.where { font-size:.85rem; color:var(--dim); margin:.6rem 0 0; display:flex; justify-content:space-between } button { font:inherit; font-size:.8rem; padding:.05rem .6rem; border:1px solid var(--line); border-radius:5px; background:var(--card); color:inherit; cursor:pointer }
.scroll { overflow-x:auto } td.pass, td.fail, td.broken, td.flaky, td.skipped { white-space:nowrap } table { overflow-wrap:break-word; border-collapse:collapse; width:100%; font-size:.9rem } th { text-align:left; font-weight:600; color:var(--dim) } th, td { padding:.35rem .7rem .35rem 0; border-bottom:1px solid var(--line); vertical-align:top }
.grid td { text-align:center; padding:.35rem .5rem; border:1px solid var(--line) } .grid .heat0 { background:var(--oksoft) } .grid .heat1 { background:color-mix(in srgb, var(--oksoft), var(--warn) 15%) } .grid .heat2 { background:color-mix(in srgb, var(--oksoft), var(--warn) 35%) } .grid .heat3 { background:color-mix(in srgb, var(--oksoft), var(--warn) 60%) } .grid .fail, .grid .broken { background:var(--badsoft); font-weight:700 }
details { border-top:1px solid var(--line); margin-top:.8rem; padding-top:.6rem } summary { cursor:pointer; font-weight:600; font-size:.95rem } ul { padding-left:1.2rem; margin:.3rem 0 } li { margin:.15rem 0 }
.filters { display:none; gap:.5rem; margin:.8rem 0 } .js .filters { display:flex; flex-wrap:wrap } [aria-pressed=true] { background:var(--ink); color:var(--paper) }
footer { color:var(--dim); font-size:.85rem; margin-top:2rem }
@media print { body { max-width:none; background:#fff } article { break-inside:avoid } details > * { display:block } button, .filters { display:none !important } }
@media (max-width:30rem) { body { padding:1rem .75rem } article { padding:1rem } .headline { font-size:1.15rem } }
`;

/** Copy buttons and filters, for those who have scripts; everything can be read without. */
export const SCRIPT = `
document.documentElement.classList.add('js');
document.querySelectorAll('pre[data-copy]').forEach(function (pre) {
  var button = document.createElement('button'); button.type = 'button'; button.textContent = 'Copy';
  button.addEventListener('click', function () { navigator.clipboard.writeText(pre.textContent).then(function () { button.textContent = 'Copied' }) });
  pre.previousElementSibling.appendChild(button);
});
document.querySelectorAll('[data-filter]').forEach(function (button) {
  button.addEventListener('click', function () {
    var wanted = button.dataset.filter;
    document.querySelectorAll('[data-filter]').forEach(function (other) { other.setAttribute('aria-pressed', String(other === button)) });
    document.querySelectorAll('[data-verdict]').forEach(function (part) { part.hidden = wanted !== '' && part.dataset.verdict !== wanted });
  });
});
`;
