// Files that the real programs wrote. Everything of the talk is taken in, nothing is unknown.
import { existsSync, readdirSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { agentHomes, sourcesAt } from "../../../src/session/import/find-sources.ts";
import type { TranslatedAgent } from "../../../src/session/import/foreign-formats.ts";
import { type ImportReport, importSession } from "../../../src/session/import/import-session.ts";
import { sqliteOpener } from "../../../src/session/import/sqlite.ts";
import { readBranch } from "../../../src/session/read.ts";
import { history, importOptions, outline } from "../../support/foreign-session.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

const SHARED = fileURLToPath(new URL("../../../../shared", import.meta.url));
const SAMPLES = join(SHARED, "external-agents", "session-files");
const CORPUS = join(SHARED, "corpora", "agent-sessions");

async function importAll(agent: TranslatedAgent, path: string): Promise<ImportReport[]> {
  const dir = join(await temporaryFolder(), "sessions");
  await mkdir(dir);
  const homes = agentHomes("/nowhere", () => undefined);
  const sources = await sourcesAt(path, { agent, cwd: "/repo", homes, open: sqliteOpener({}) });
  const reports: ImportReport[] = [];
  for (const source of sources) reports.push(await importSession(agent, source, importOptions(dir)));
  return reports;
}

describe.skipIf(!existsSync(SAMPLES))(
  "real files of other agents (skipped where there are none beside the project)",
  () => {
    const counts: Record<TranslatedAgent, number[]> = {
      "claude-code": [5, 2, 2],
      codex: [3, 4, 0, 8],
      gemini: [2, 2, 21, 0],
      opencode: [33, 33, 15, 6],
      pi: [2, 5, 3, 16],
    };
    for (const agent of ["claude-code", "codex", "gemini", "opencode", "pi"] as const) {
      it(`of ${agent} are understood line by line and open without a word of damage`, async () => {
        const reports = await importAll(agent, join(SAMPLES, agent));
        expect(reports.map(({ messages }) => messages)).toEqual(counts[agent]);
        for (const { unknown, path } of reports) {
          expect(unknown).toEqual({});
          if (path !== null) expect((await readBranch(path, { whole: true })).notices).toEqual([]);
        }
      });
    }

    it("of gemini put each call where it was made, though the file holds them in one message", async () => {
      const reports = await importAll(
        "gemini",
        join(SAMPLES, "gemini", "session-2026-11-20T09-05-e7cee13e.jsonl"),
      );
      const branch = await readBranch(reports[0]?.path ?? "", { whole: true });
      const lines = outline(branch.entries).filter((line) => !line.startsWith("prompt"));
      expect(lines.slice(5, 11).map((line) => line.slice(0, 36))).toEqual([
        "assistant: done",
        "assistant: I will use read_file.",
        'assistant: read_file({"file_path":"a',
        "tool_result: new line\n",
        "assistant: I will use write_file.",
        'assistant: write_file({"file_path":"',
      ]);
    });
  },
);

describe.skipIf(!existsSync(CORPUS))(
  "the corpus of sessions (skipped where it is not beside the project)",
  () => {
    const files = existsSync(CORPUS)
      ? readdirSync(CORPUS).filter((name) => name.startsWith("pi-session"))
      : [];
    it.each(files)("%s is taken in whole: every message, cost and model", async (name) => {
      const [report] = await importAll("pi", join(CORPUS, name));
      expect(report?.unknown).toEqual({});
      const branch = await readBranch(report?.path ?? "", { whole: true });
      expect(branch.notices).toEqual([]);
      const messages = await history(report?.path ?? "");
      expect(messages.length).toBeGreaterThanOrEqual(report?.messages ?? 0);
      expect(branch.state.usage.cost).toBeGreaterThan(0);
    });
  },
);
