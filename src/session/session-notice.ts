// What reading a session has to tell the person, and the errors of files that cannot be read at all.
import { AppError } from "../lib/app-error.ts";
import { errorCode } from "../lib/error-code.ts";

/** The fields of a `notice` event. */
export type SessionNotice = { level: "warning"; code: string; message: string };

const SHOWN_BAD_LINES = 5;

const REASONS: Readonly<Record<string, string>> = {
  ENOSPC: "the disk is full",
  EFBIG: "the file has reached the size that is allowed here",
  EDQUOT: "the disk quota is used up",
  EACCES: "there is no permission to write there",
  EPERM: "there is no permission to write there",
  EROFS: "the disk is read-only",
  EIO: "the disk reported an error",
  ENOTDIR: "its folder is not a folder",
};

export function tornLine(): SessionNotice {
  const message = "The last line of the session was cut off when Hearth was ended; it was dropped.";
  return { level: "warning", code: "session.torn_line", message };
}

/** `lineNumbers` count from 1. One notice for each of the first few, one for the rest. */
export function badLines(lineNumbers: readonly number[]): SessionNotice[] {
  const notices = lineNumbers.slice(0, SHOWN_BAD_LINES).map((line) => warnBadLine(`Line ${line}`));
  const rest = lineNumbers.length - notices.length;
  return rest > 0 ? [...notices, warnBadLine(`${rest} more lines`)] : notices;
}

export function missingParent(id: string): SessionNotice {
  const message = `Entry ${id} of the session is missing; the conversation is shown without it.`;
  return { level: "warning", code: "session.missing_entry", message };
}

/** A failure to open or read the file at `path` as one sentence. */
export function unreadable(path: string, cause: unknown): AppError {
  const code = errorCode(cause);
  if (code === "ENOENT")
    return new AppError("session.not_found", `There is no session at ${path}.`, { cause });
  if (code === "EISDIR") return notASession(path, cause);
  const why = code === "EACCES" || code === "EPERM" ? "no permission" : String(cause);
  return new AppError("session.read", `The session ${path} cannot be read: ${why}.`, { cause });
}

/** A failure to write the file at `path` as one sentence. */
export function unwritable(path: string, cause: unknown): AppError {
  const code = errorCode(cause) ?? "unknown error";
  return new AppError("session.write", `The session cannot be saved to ${path}: ${REASONS[code] ?? code}.`, {
    hint: "Nothing is lost while Hearth runs: it tries again with every entry. --no-session runs without saving.",
    cause,
  });
}

export function notASession(path: string, cause?: unknown): AppError {
  return new AppError(
    "session.invalid",
    `${path} is not a Hearth session: its first line is no session header.`,
    {
      hint: "`hearth sessions list` shows the sessions there are; --resume takes any of them.",
      cause,
    },
  );
}

export function tooNew(path: string, version: number): AppError {
  return new AppError(
    "session.version",
    `${path} was written by a newer Hearth (session format ${version}).`,
    {
      hint: "Update Hearth to open it; the file was not touched.",
    },
  );
}

function warnBadLine(which: string): SessionNotice {
  const message = `${which} of the session cannot be read and was passed over; the file was not changed.`;
  return { level: "warning", code: "session.bad_line", message };
}
