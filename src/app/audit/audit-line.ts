// A line of the audit log for a person. Pure; the text is not sanitised.
import { RouteRecord } from "../../protocol/audit.ts";
import type { AuditLine } from "./read-audit.ts";

/** "2026-11-20 10:00:00  bash  allowed  npm test (workspace; approved)". */
export function auditText(line: AuditLine): string {
  const time = textOf(line.time).replace("T", " ").replace(/\..*$/, "");
  const route = RouteRecord.safeParse(line).data;
  return `${time}  ${route ? routeText(route) : callText(line)}`.replaceAll(/\s*\n\s*/g, " ");
}

function routeText({ runtime, reason, from, detail, outcome, error, fallback }: RouteRecord): string {
  const why = [reason.replace("_", " "), from === undefined ? "" : `from ${from}`].filter(
    (word) => word !== "",
  );
  const went = [
    outcome,
    fallback === undefined ? "" : `${fallback} took over`,
    error?.message ?? detail ?? "",
  ].filter((word) => word !== "");
  return `turn  ${runtime} (${why.join(", ")}): ${went.join(", ")}`;
}

function callText({ name, outcome, kind, subject, place, reason }: AuditLine): string {
  const by = kind === undefined ? "" : ` by ${textOf(kind)}`;
  const about = [textOf(place), textOf(reason)].filter((word) => word !== "").join("; ");
  return `${textOf(name)}  ${textOf(outcome)}${by}  ${textOf(subject)}${about === "" ? "" : ` (${about})`}`;
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}
