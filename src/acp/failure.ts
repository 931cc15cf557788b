// What failed, as a JSON-RPC error: a sentence, and as data the code by which a program knows it and what to do.
import { RequestError } from "@agentclientprotocol/sdk/unstable";
import { toFailure } from "../lib/app-error.ts";
import type { Failure } from "../protocol/failure.ts";

/** Of JSON-RPC and of the protocol: https://agentclientprotocol.com/protocol/schema#errorcode */
const AUTH_REQUIRED = -32_000;
const NOT_FOUND = -32_002;
const INVALID_PARAMS = -32_602;
const INTERNAL = -32_603;

/** Codes whose cure is a key. */
const WITHOUT_KEY: readonly string[] = ["model.none", "provider.auth"];
/** Codes that say the request itself was wrong. */
const WRONG_REQUEST = [
  "acp.",
  "command.",
  "cli.",
  "model.unknown",
  "model.images",
  "thinking.",
  "permissions.",
];

/** The error that answers a request. What is one already stays what it is. */
export function requestError(error: unknown): RequestError {
  return error instanceof RequestError ? error : failureError(toFailure(error));
}

/** `data`: `kind` (the dotted code), `hint`, and of a service's answer `httpStatus` and `retryAfterMs`. */
export function failureError({ code, message, hint, status, retryAfterMs }: Failure): RequestError {
  return new RequestError(rpcCode(code), message, {
    kind: code,
    ...(hint === undefined ? {} : { hint }),
    ...(status === undefined ? {} : { httpStatus: status }),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  });
}

export function unknownSession(sessionId: string): RequestError {
  return new RequestError(NOT_FOUND, `There is no session ${sessionId} here.`, {
    kind: "session.not_found",
    sessionId,
  });
}

function rpcCode(code: string): number {
  if (WITHOUT_KEY.includes(code)) return AUTH_REQUIRED;
  if (code === "session.not_found") return NOT_FOUND;
  return WRONG_REQUEST.some((prefix) => code.startsWith(prefix)) ? INVALID_PARAMS : INTERNAL;
}
