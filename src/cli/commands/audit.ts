// `hearth audit` and `hearth audit runtimes`: what the audit log holds, and what the turns of each runtime came to.
import { processEnvironment } from "../../config/env.ts";
import { hearthPaths } from "../../config/paths.ts";
import { sanitizeText } from "../../lib/ansi.ts";
import { EXIT } from "../exit.ts";

export type AuditFlags = { json?: boolean; limit?: number };
export type AuditRuntimesFlags = { json?: boolean; since?: number };

/** Lines shown where nobody says how many. */
const USUAL = 50;

/** The newest lines, newest last. */
export async function auditCommand({ json, limit = USUAL }: AuditFlags): Promise<number> {
  const [{ newestAudit }, { auditText }] = await Promise.all([
    import("../../app/audit/read-audit.ts"),
    import("../../app/audit/audit-line.ts"),
  ]);
  const { lines, bad } = await newestAudit(auditFile(), limit);
  for (const line of lines) {
    process.stdout.write(json ? `${JSON.stringify(line)}\n` : `${sanitizeText(auditText(line))}\n`);
  }
  tellBad(bad);
  return EXIT.completed;
}

/** `since` in milliseconds before now; absent: all of it. */
export async function auditRuntimesCommand({ json, since }: AuditRuntimesFlags): Promise<number> {
  const [{ readAudit }, { routeTable, sumRoutes }] = await Promise.all([
    import("../../app/audit/read-audit.ts"),
    import("../../app/audit/route-sums.ts"),
  ]);
  const from = since === undefined ? "" : new Date(Date.now() - since).toISOString();
  const { lines, bad } = await readAudit(
    auditFile(),
    ({ kind, time }) => kind === "route" && typeof time === "string" && time >= from,
  );
  const sums = sumRoutes(lines);
  if (json) process.stdout.write(`${JSON.stringify(sums, null, 2)}\n`);
  else if (sums.length === 0) process.stdout.write("No turn was routed yet.\n");
  else for (const row of routeTable(sums)) process.stdout.write(`${sanitizeText(row)}\n`);
  tellBad(bad);
  return EXIT.completed;
}

function auditFile(): string {
  return hearthPaths(processEnvironment()).auditFile;
}

function tellBad(bad: number): void {
  if (bad === 0) return;
  process.stderr.write(
    `hearth: ${bad} ${bad === 1 ? "line" : "lines"} of the audit log could not be read.\n`,
  );
}
