import { expect, it } from "vitest";
import { exportMarkdown } from "../../../src/session/export/markdown.ts";
import { createSession } from "../../../src/session/store.ts";
import {
  allEntries,
  answer,
  call,
  result,
  storeContext,
  type user,
  writeRun,
} from "../../support/session-entries.ts";

const KEY = `sk-ant-api03-${"a1B2".repeat(10)}`;

async function exported(...messages: Parameters<typeof writeRun>[2][]) {
  const store = createSession({ dir: null, cwd: "/repo/x", ...storeContext() });
  await store.append({ type: "name", name: "fix the parser" });
  await writeRun(store, `use ${KEY}`, ...messages);
  return exportMarkdown({
    header: store.header,
    entries: await allEntries(store.entries()),
    state: store.state,
  });
}

it("holds prompts, replies and a line for each tool call, secrets redacted (A-101)", async () => {
  const edit = {
    ...result("c2", "ok", "edit"),
    details: { summary: "+1 -1", diff: { patch: "@@ -1 +1 @@\n-a\n+b\n" } },
  };
  const failed = { ...result("c3", "no"), isError: true };
  const text = await exported(
    answer("I look first.", call("c1"), call("c2", "edit"), call("c3", "bash", { command: "echo `x`" })),
    result("c1"),
    edit as typeof failed,
    failed as ReturnType<typeof user>,
    answer("All done."),
  );
  expect(text).toBe(`# fix the parser

2026-01-02 · /repo/x · native

## You

use [redacted: Anthropic key]

## Agent

I look first.

- **read** \`a.ts\` (done)
- **edit** \`a.ts\` (+1 -1)
- **bash** \`\` echo \`x\` \`\` (failed)

\`\`\`diff
@@ -1 +1 @@
-a
+b
\`\`\`

## Agent

All done.
`);
});

it("keeps a diff with fences of its own in one block", async () => {
  const patch = "+```js\n+x\n+```";
  const edit = { ...result("c", "ok", "edit"), details: { diff: { patch } } };
  const text = await exported(answer(call("c", "edit")), edit as ReturnType<typeof user>);
  expect(text).toContain(`\`\`\`\`diff\n${patch}\n\`\`\`\``);
});
