// The style of an exported page. Light and dark follow the system until the button says otherwise; narrow windows and
// paper have rules of their own.

export const PAGE_STYLE = `
:root {
  color-scheme: light dark;
  --back: #fdfcfb; --text: #24211e; --faint: #6a635c; --line: #ddd6cf; --box: #f4f0ec;
  --accent: #a4400f; --you: #ece5dd; --added: #1a6b32; --removed: #a32626; --found: #ffd76a;
}
@media (prefers-color-scheme: dark) {
  :root:not([data-theme="light"]) {
    --back: #191715; --text: #e8e3dd; --faint: #9c938a; --line: #3a352f; --box: #23201d;
    --accent: #f09a62; --you: #2b2723; --added: #7fcf93; --removed: #f08f8f; --found: #7a5c00;
  }
}
:root[data-theme="dark"] {
  color-scheme: dark;
  --back: #191715; --text: #e8e3dd; --faint: #9c938a; --line: #3a352f; --box: #23201d;
  --accent: #f09a62; --you: #2b2723; --added: #7fcf93; --removed: #f08f8f; --found: #7a5c00;
}
:root[data-theme="light"] { color-scheme: light; }
* { box-sizing: border-box; }
body {
  margin: 0 auto; padding: 0 16px 64px; max-width: 56rem; background: var(--back); color: var(--text);
  font: 16px/1.55 system-ui, -apple-system, "Segoe UI", sans-serif; overflow-wrap: anywhere;
}
h1 { font-size: 1.35rem; line-height: 1.3; margin: 24px 0 4px; }
h2 { font-size: .85rem; margin: 0 0 6px; color: var(--accent); }
.facts { color: var(--faint); font-size: .85rem; margin: 0; display: flex; flex-wrap: wrap; gap: 2px 14px; }
.tools {
  position: sticky; top: 0; z-index: 1; display: flex; flex-wrap: wrap; gap: 8px; align-items: center;
  padding: 10px 0; margin: 8px 0; background: var(--back); border-bottom: 1px solid var(--line);
}
header { display: contents; }
.tools input { flex: 1 1 12rem; min-width: 0; }
.tools input, .tools button {
  font: inherit; font-size: .9rem; padding: 5px 10px; color: inherit; background: var(--box);
  border: 1px solid var(--line); border-radius: 6px;
}
.tools button { cursor: pointer; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 1px; }
output { color: var(--faint); font-size: .85rem; }
output:empty { display: none; }
time, .by, .end { color: var(--faint); font-weight: normal; font-size: .85em; }
summary { cursor: pointer; }
.run { border-top: 1px solid var(--line); padding: 8px 0; }
.run > summary { color: var(--faint); font-size: .85rem; }
article { margin: 14px 0; }
article.you .said { background: var(--you); border-radius: 8px; padding: 10px 14px; }
article.note { color: var(--faint); }
pre, code { font-family: ui-monospace, "Cascadia Mono", Menlo, Consolas, monospace; font-size: .86em; }
pre { margin: 6px 0; white-space: pre-wrap; }
pre.said { font: inherit; }
.text pre, details pre { background: var(--box); border-radius: 6px; padding: 10px 12px; max-width: 100%; }
.text pre { white-space: pre; overflow-x: auto; }
.text :is(h1, h2, h3, h4, h5, h6) { font-size: 1rem; color: inherit; margin: 1em 0 .4em; }
.text > :first-child { margin-top: 0; }
.text > :last-child { margin-bottom: 0; }
table { border-collapse: collapse; display: block; overflow-x: auto; }
td, th { border: 1px solid var(--line); padding: 3px 8px; text-align: left; }
blockquote { margin: 6px 0; padding-left: 12px; border-left: 3px solid var(--line); color: var(--faint); }
a { color: var(--accent); }
img { max-width: 100%; height: auto; border-radius: 6px; }
.tool, .thinking { border: 1px solid var(--line); border-radius: 6px; padding: 5px 10px; margin: 6px 0; }
.thinking { color: var(--faint); }
.tool.failed { border-color: var(--removed); }
.arguments { color: var(--faint); }
.output { max-height: 30rem; overflow: auto; }
ins { color: var(--added); text-decoration: none; }
del { color: var(--removed); text-decoration: none; }
.error { color: var(--removed); }
.remark { color: var(--faint); font-size: .85rem; }
[hidden] { display: none; }
::highlight(found) { background: var(--found); }
@media (max-width: 40rem) {
  body { padding: 0 10px 48px; }
  .tools input { flex-basis: 100%; }
}
@media print {
  :root {
    --back: #fff; --text: #000; --faint: #444; --line: #bbb; --box: #f6f6f6; --you: #f0f0f0; --accent: #000;
    --added: #060; --removed: #900;
  }
  body { max-width: none; font-size: 11pt; }
  .tools { display: none; }
  .output { max-height: none; }
  article { break-inside: auto; }
  h2 { break-after: avoid; }
}
`;
