// `hearth sessions export`: a session as a document, as a file for another Hearth, or as another agent's own.
import { resolve } from "node:path";
import {
  type Exported,
  exportPieces,
  exportToAgent,
  exportToFile,
  isAgentFormat,
  knownFormat,
} from "../../../app/session-export.ts";
import { processEnvironment } from "../../../config/env.ts";
import { EXIT } from "../../exit.ts";
import { printJson, tell } from "../../print-lines.ts";
import { openSessions } from "./open-sessions.ts";

/** `redact` is false with `--no-redact`. */
export type ExportFlags = { format: string; out?: string; redact: boolean; json?: boolean };

export async function exportSessionCommand(reference: string, flags: ExportFlags): Promise<number> {
  const env = processEnvironment();
  const wish = { format: knownFormat(flags.format), redact: flags.redact, env };
  const path = await (await openSessions()).path(reference);
  const { out } = flags;
  if (out === "-" || (out === undefined && !isAgentFormat(wish.format))) {
    for await (const piece of await exportPieces(path, wish)) await write(piece);
    return EXIT.completed;
  }
  if (out !== undefined) {
    tellWhere(await exportToFile(path, { ...wish, target: resolve(out) }), flags);
  } else if (isAgentFormat(wish.format)) {
    const { format, redact } = wish;
    tellWhere(await exportToAgent(path, { format, redact, env }), flags);
  }
  return EXIT.completed;
}

function tellWhere(exported: Exported, { json }: ExportFlags): void {
  if (json) {
    printJson(exported);
    return;
  }
  tell(exported.isNew ? `Written to ${exported.path}` : `It is there already: ${exported.path}`);
  if (exported.resume !== null)
    tell(`hint: \`${exported.resume}\` goes on with it, in the session's folder.`);
}

/** A reader that is slow is waited for; to one that has gone nothing more is said. */
async function write(piece: string): Promise<void> {
  const { stdout } = process;
  if (!stdout.writable || stdout.write(piece)) return;
  await new Promise<void>((resolve) => {
    const go = (): void => {
      for (const event of ENDS_OF_WAITING) stdout.off(event, go);
      resolve();
    };
    for (const event of ENDS_OF_WAITING) stdout.once(event, go);
  });
}

const ENDS_OF_WAITING = ["drain", "error", "close"] as const;
