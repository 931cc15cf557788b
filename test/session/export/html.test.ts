import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, it } from "vitest";
import { exportHtml } from "../../../src/session/export/html.ts";
import { PLAIN } from "../../../src/session/export/redaction.ts";
import { createSession } from "../../../src/session/store.ts";
import { findBrowser, openPage } from "../../support/browser.ts";
import {
  allEntries,
  answer,
  call,
  result,
  storeContext,
  user,
  writeRun,
} from "../../support/session-entries.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

const KEY = `sk-ant-api03-${"a1B2".repeat(10)}`;
const PIXEL =
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
/** Each would leave a mark on the page, or ask the network, if it were taken for more than text. */
const HOSTILE = [
  "<script>document.title = 'taken'</script>",
  "<img src=x onerror=\"document.title = 'taken'\">",
  "</pre></article><iframe src='https://example.com'></iframe>",
  "<svg/onload=document.title='taken'>",
  "[link](javascript:document.title='taken') ![pic](https://example.com/a.png)",
  "<style>body{display:none}</style></script></style></title>",
].join("\n\n");

async function exported(redaction?: typeof PLAIN): Promise<string> {
  const store = createSession({ dir: null, cwd: "/repo/<b>x", ...storeContext() });
  await store.append({ type: "name", name: `the "title" ${HOSTILE.slice(0, 60)}` });
  const pictures = {
    ...user("look at this"),
    content: [
      { type: "image", mimeType: "image/png", data: PIXEL },
      { type: "image", mimeType: "image/svg+xml", data: "PHN2Zz4=" },
    ],
  };
  await writeRun(
    store,
    `find the needle ${KEY}`,
    pictures as ReturnType<typeof user>,
    answer(
      { type: "thinking", text: `thought ${HOSTILE}` },
      `Some **bold** text.\n\n\`\`\`ts\nconst long = "${"wide ".repeat(60)}";\n\`\`\`\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n${HOSTILE}`,
      call("c1", "bash", { command: `echo ${HOSTILE}` }),
      call("c2", "edit"),
    ),
    result("c1", `hidden haystack ${HOSTILE}`, "bash"),
    {
      ...result("c2", "ok", "edit"),
      details: { summary: "+1 -1", diff: { patch: "@@ -1 +1 @@\n-<old>\n+<new>\n" } },
    } as ReturnType<typeof user>,
    answer("Done."),
  );
  await writeRun(store, "another prompt", answer("Nothing here."));
  const branch = { header: store.header, entries: await allEntries(store.entries()), state: store.state };
  let page = "";
  for await (const piece of exportHtml(branch, redaction)) page += piece;
  return page;
}

it("holds no live tag but its own, and no secret unless that is asked for", async () => {
  const page = await exported();
  expect(page.match(/<script/g)).toHaveLength(1);
  expect(page).not.toMatch(/<(?:iframe|svg|img src=x|style>body)/);
  expect(page).not.toContain("javascript:document.title='taken'\"");
  expect(page).not.toMatch(/(?:src|href)="(?!data:image\/png|https:\/\/example\.com\/a\.png)/);
  expect(page).not.toContain(KEY);
  expect(page).toContain("[redacted: Anthropic key]");
  expect(await exported(PLAIN)).toContain(KEY);
});

const browser = findBrowser();

describe.skipIf(browser === null)("in a real browser (skipped where there is no chromium or chrome)", () => {
  const open = async (width?: number) => {
    const file = join(await temporaryFolder(), "session.html");
    await writeFile(file, await exported());
    return Object.assign(await openPage(browser ?? "", pathToFileURL(file).href, width), { file });
  };
  const visible = "[...document.querySelectorAll('article')].filter((a) => a.checkVisibility()).length";

  it("shows what was said as text, runs nothing of it and asks nobody for anything", async () => {
    await using page = await open();
    expect(await page.evaluate("document.title")).toMatch(/^the "title" <script>/);
    expect(await page.evaluate('document.body.innerText.includes("<img src=x onerror")')).toBe(true);
    expect(await page.evaluate("document.querySelectorAll('iframe, svg, script').length")).toBe(1);
    expect(await page.evaluate("[...document.querySelectorAll('a')].map((a) => a.protocol).join()")).toBe(
      "https:",
    );
    expect(await page.evaluate("document.querySelector('.text strong').innerText")).toBe("bold");
    expect(await page.evaluate("document.querySelectorAll('img').length")).toBe(1);
    expect(await page.evaluate("document.querySelector('img').naturalWidth")).toBe(1);
    const made =
      "const s = document.createElement('script'); s.textContent = 'document.title = \"taken\"'; document.body.append(s); document.title";
    expect(await page.evaluate(made)).not.toBe("taken");
    expect(page.requests.filter((address) => !address.startsWith("data:"))).toEqual([
      pathToFileURL(page.file).href,
    ]);
    // The script above, refused by the page's policy, and nothing else.
    expect(page.complaints.filter((complaint) => !complaint.includes("Content Security Policy"))).toEqual([]);
  });

  it("finds words, also in what is folded, shows where, and shows all again", async () => {
    await using page = await open();
    const search = (words: string) =>
      page.evaluate(`{
        const field = document.getElementById("search");
        field.value = ${JSON.stringify(words)};
        field.dispatchEvent(new Event("change"));
        document.getElementById("found").value;
      }`);
    const all = await page.evaluate(visible);
    expect(await search("hidden haystack")).toBe("1 match");
    expect(await page.evaluate(visible)).toBe(1);
    expect(
      await page.evaluate(
        "[...document.querySelectorAll('.output')].find((o) => o.innerText.includes('hidden haystack')).checkVisibility()",
      ),
    ).toBe(true);
    expect(await page.evaluate("CSS.highlights.get('found').size")).toBe(1);
    expect(await search("no such words")).toBe("0 matches");
    expect(await page.evaluate(visible)).toBe(0);
    expect(await search("")).toBe("");
    expect(await page.evaluate(visible)).toBe(all);
  });

  it("folds and unfolds, and is light or dark as the system or the button says", async () => {
    await using page = await open();
    const count = "document.querySelectorAll('details[open]').length";
    await page.evaluate("document.getElementById('fold').click()");
    expect(await page.evaluate(count)).toBe(0);
    await page.evaluate("document.getElementById('unfold').click()");
    expect(await page.evaluate(count)).toBe(
      await page.evaluate("document.querySelectorAll('details').length"),
    );
    const background = "getComputedStyle(document.body).backgroundColor";
    const scheme = (value: string) =>
      page.send("Emulation.setEmulatedMedia", { features: [{ name: "prefers-color-scheme", value }] });
    await scheme("light");
    const light = await page.evaluate(background);
    await scheme("dark");
    const dark = await page.evaluate(background);
    expect(dark).not.toBe(light);
    const press = "document.getElementById('theme').click()";
    await page.evaluate(`${press}; ${press}`);
    expect(await page.evaluate(background)).toBe(light);
    await scheme("light");
    await page.evaluate(`${press}; ${press}`);
    expect(await page.evaluate(background)).toBe(dark);
  });

  it("fits a phone, and prints as a document", async () => {
    await using page = await open(360);
    await page.evaluate("document.getElementById('unfold').click()");
    expect(await page.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(360);
    const { data } = await page.send("Page.printToPDF");
    expect(Buffer.from(String(data), "base64").subarray(0, 5).toString()).toBe("%PDF-");
  });
});
