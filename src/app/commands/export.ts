// /export: the conversation as a file, or as a session of another agent.
import { AppError } from "../../lib/app-error.ts";
import type { Command } from "./command.ts";

const CHOICES = [
  { value: "md", detail: "a document" },
  { value: "html", detail: "one page with search, for any browser" },
  { value: "jsonl", detail: "a session file with a checksum, for another Hearth" },
  { value: "claude-code", detail: "a session that `claude --resume` goes on with" },
  { value: "codex", detail: "a session that `codex resume` goes on with" },
  { value: "pi", detail: "a session that `pi --session` goes on with" },
];
const FORMATS = CHOICES.map(({ value }) => value);
const PLAIN = "--no-redact";

export const exportCommand: Command = {
  name: "export",
  usage: "[md | html | jsonl | claude-code | codex | pi] [file]",
  summary: "write the conversation to a file, or for another agent to go on with",
  whileBusy: "now",
  complete: () => Promise.resolve(CHOICES),
  run: async (args, app) => {
    const { exportFormat } = await import("../session-export.ts");
    const words = args.split(/\s+/).filter((word) => word !== "");
    const isFormat = FORMATS.includes(words[0] ?? "");
    const given = isFormat ? words[0] : undefined;
    const path = args
      .slice(given === undefined ? 0 : args.indexOf(given) + given.length)
      .replace(PLAIN, "")
      .trim();
    const format = exportFormat(given ?? (path || "md")) ?? (/[./\\]/.test(path) ? "md" : null);
    if (format === null) {
      throw new AppError("command.usage", `There is no format "${path}".`, {
        hint: `It is one of: ${FORMATS.join(", ")}. A file's name tells it by its ending.`,
      });
    }
    const wish = { format, redact: !words.includes(PLAIN), ...(path === "" ? {} : { path }) };
    const exported = await app.sessions.export(wish);
    const where = exported.isNew ? `Written to ${exported.path}` : `It is there already: ${exported.path}`;
    return { text: exported.resume === null ? where : `${where}\n\`${exported.resume}\` goes on with it.` };
  },
};
