// The status line of a session: our template, the person's, or the line of a command of theirs.
import { basename } from "node:path";
import type { App } from "../../app/app.ts";
import { programVersion } from "../../app/version.ts";
import { truncateText } from "../../lib/text-width.ts";
import type { Look } from "../components/look.ts";
import { type StatusFacts, statusRow } from "../components/status-line.ts";
import type { StatusCommandLine } from "./status-command.ts";
import { DEFAULT_TEMPLATE, parseTemplate, templateProblem } from "./template.ts";

export interface StatusLine {
  /** The row for a frame. Never waits. */
  row(facts: StatusFacts, look: Look): string;
  /** Sentences about a template that names what does not exist. */
  readonly problems: readonly string[];
  /** Asks the command from now on, where the settings have one. */
  begin(told: {
    onChange: () => void;
    onFailure: (error: unknown) => void;
    now: () => number;
  }): Promise<void>;
  close(): void;
}

export function createStatusLine(app: App): StatusLine {
  const template = parseTemplate(app.settings.statusLine?.template ?? DEFAULT_TEMPLATE);
  const problem = templateProblem(template);
  const folder = basename(app.cwd);
  const trying = app.trial !== null;
  let command: StatusCommandLine | null = null;
  return {
    problems: problem === null ? [] : [problem],
    row: (facts, look) => {
      command?.update(JSON.stringify(sessionFacts(app, facts)));
      const line = command?.line() ?? null;
      return line === null ? statusRow({ ...facts, folder, trying }, look, template) : commandRow(line, look);
    },
    begin: async ({ onChange, onFailure, now }) => {
      const { statusCommand } = app;
      if (statusCommand === null) return;
      const { StatusCommandLine } = await import("./status-command.ts");
      command = new StatusCommandLine({ run: statusCommand, onChange, onFailure, now });
      onChange();
    },
    close: () => command?.close(),
  };
}

function commandRow(line: string, { theme, glyphs, width }: Look): string {
  const text = truncateText(line, width - 4, glyphs.ellipsis);
  return text === "" ? "" : `  ${theme.style.dim(text)}`;
}

/** What the command gets. No clock in it: the command runs when something is another, not every second. */
function sessionFacts(
  { conversation, cwd, trial }: App,
  { state, contextWindow, branch }: StatusFacts,
): object {
  const { model, answeredBy, thinking, runtime, role, mode, usage, contextTokens, runs } = state;
  return {
    session: { id: conversation.sessionId, name: state.name, file: conversation.file, runs },
    cwd,
    try: trial !== null,
    branch,
    state: state.state,
    runStartedMs: state.run?.startedMs ?? null,
    tools: state.runningTools.map((tool) => tool.name),
    queued: state.queue.length,
    model,
    answeredBy,
    thinking,
    runtime,
    role,
    mode,
    context: { tokens: contextTokens, window: contextWindow },
    usage,
    version: programVersion(),
  };
}
