// The script of an exported page: search, folding, the theme. It makes no HTML of what was said and asks no one.

export const PAGE_SCRIPT = `
"use strict";
(() => {
  const root = document.documentElement;
  const search = document.getElementById("search");
  const found = document.getElementById("found");
  const all = (selector) => [...document.querySelectorAll(selector)];

  const themes = [null, "dark", "light"];
  const button = document.getElementById("theme");
  const setTheme = (theme) => {
    if (theme === null) delete root.dataset.theme;
    else root.dataset.theme = theme;
    button.textContent = theme === null ? "Theme: system" : "Theme: " + theme;
  };
  button.addEventListener("click", () => {
    setTheme(themes[(themes.indexOf(root.dataset.theme ?? null) + 1) % themes.length]);
  });
  setTheme(null);

  const setFolds = (open) => { for (const fold of all("details")) fold.open = open; };
  document.getElementById("fold").addEventListener("click", () => setFolds(false));
  document.getElementById("unfold").addEventListener("click", () => setFolds(true));
  addEventListener("beforeprint", () => { for (const run of all("details.run")) run.open = true; });

  let places = [];
  let at = -1;
  let sought = "";
  const rangesIn = (element, words) => {
    const ranges = [];
    const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const text = node.data.toLowerCase();
      for (let from = text.indexOf(words); from >= 0; from = text.indexOf(words, from + words.length)) {
        if (from + words.length > node.length) break;
        const range = new Range();
        range.setStart(node, from);
        range.setEnd(node, from + words.length);
        ranges.push(range);
      }
    }
    return ranges;
  };
  const show = (range) => {
    for (let fold = range.startContainer.parentElement; fold; fold = fold.parentElement) {
      if (fold.tagName === "DETAILS") fold.open = true;
    }
    range.startContainer.parentElement.scrollIntoView({ block: "center" });
  };
  const find = () => {
    sought = search.value;
    const words = sought.trim().toLowerCase();
    places = [];
    at = -1;
    const articles = all("article");
    for (const article of articles) {
      const ranges = words === "" ? [] : rangesIn(article, words);
      article.hidden = words !== "" && ranges.length === 0;
      for (const fold of words === "" ? [] : article.querySelectorAll("details")) {
        if (ranges.some((range) => fold.contains(range.startContainer))) fold.open = true;
      }
      places.push(...ranges);
    }
    for (const run of all("details.run")) {
      run.hidden = words !== "" && run.querySelector("article:not([hidden])") === null;
      if (words !== "" && !run.hidden) run.open = true;
    }
    if (globalThis.CSS && CSS.highlights) CSS.highlights.set("found", new Highlight(...places.slice(0, 5000)));
    found.value = words === "" ? "" : places.length === 1 ? "1 match" : places.length + " matches";
  };
  let timer = 0;
  search.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(find, 120);
  });
  search.addEventListener("change", () => {
    clearTimeout(timer);
    find();
  });
  search.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    clearTimeout(timer);
    if (sought !== search.value) find();
    if (places.length === 0) return;
    at = (at + (event.shiftKey ? places.length - 1 : 1)) % places.length;
    show(places[at]);
    found.value = at + 1 + " of " + places.length;
  });
  addEventListener("keydown", (event) => {
    if (event.key === "/" && document.activeElement !== search) {
      event.preventDefault();
      search.focus();
    }
    if (event.key === "Escape" && document.activeElement === search) {
      search.value = "";
      find();
    }
  });
})();
`;
