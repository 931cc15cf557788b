// AppError: the one error type with meaning. Rendered to text in cli/exit and the screen, nowhere else.
import { isErrorCode } from "./error-code.ts";

export type AppErrorOptions = {
  /** One line that says what to do about it. */
  hint?: string;
  cause?: unknown;
  /** HTTP status, where a service answered one. */
  status?: number;
  /** Milliseconds that a service asked to wait before trying again. */
  retryAfterMs?: number;
};

/** An error as plain data; the shape of protocol's Failure. */
export type FailureData = {
  code: string;
  message: string;
  hint?: string;
  status?: number;
  retryAfterMs?: number;
};

/** `code` is stable and dotted (`tool.arguments`, `provider.auth`); `message` is one sentence for the user. */
export class AppError extends Error {
  override readonly name = "AppError";
  readonly code: string;
  readonly hint: string | undefined;
  readonly status: number | undefined;
  readonly retryAfterMs: number | undefined;

  constructor(code: string, message: string, options: AppErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.hint = options.hint;
    this.status = options.status;
    this.retryAfterMs = options.retryAfterMs;
  }
}

/**
 * Any thrown value as data. What is no AppError gets the code `internal`; a part of the program that is loaded at its
 * first use and is not there any more, `program.replaced`.
 */
export function toFailure(error: unknown): FailureData {
  if (error instanceof AppError) {
    return {
      code: error.code,
      message: error.message,
      ...(error.hint === undefined ? {} : { hint: error.hint }),
      ...(error.status === undefined ? {} : { status: error.status }),
      ...(error.retryAfterMs === undefined ? {} : { retryAfterMs: error.retryAfterMs }),
    };
  }
  if (isErrorCode(error, "ERR_MODULE_NOT_FOUND")) {
    return {
      code: "program.replaced",
      message: "A part of this program is not there any more; it was probably updated while it ran.",
      hint: "Leave and start it again; sessions are kept.",
    };
  }
  return { code: "internal", message: error instanceof Error ? error.message : String(error) };
}
