// Small calls, places and answers for tests of the gate and its parts.
import type { GatePlace } from "../../src/policy/call-parts.ts";
import type { ApprovalAnswer, ApprovalRequest, GateCall } from "../../src/protocol/approval.ts";

export const PLACE: GatePlace = { name: "workspace", sandboxed: false, root: "/repo", home: "/home/me" };

export function bash(command: string): GateCall {
  return {
    toolCallId: "call-1",
    name: "bash",
    arguments: { command },
    tool: { readOnly: false, kind: "execute" },
  };
}

export function write(path: string): GateCall {
  return fileCall("write", path, false);
}

export function read(path: string): GateCall {
  return fileCall("read", path, true);
}

function fileCall(name: string, path: string, readOnly: boolean): GateCall {
  const kind = readOnly ? "read" : "edit";
  const paths = (args: Record<string, unknown>) => [String(args.path)];
  return { toolCallId: "call-1", name, arguments: { path }, tool: { readOnly, kind, paths } };
}

export function other(name: string, args: Record<string, unknown> = {}): GateCall {
  return { toolCallId: "call-1", name, arguments: args, tool: null };
}

/** A person who gives the answers in turn and remembers what was asked. */
export function person(...answers: ApprovalAnswer[]) {
  const asked: ApprovalRequest[] = [];
  const ask = (request: ApprovalRequest): Promise<ApprovalAnswer> => {
    asked.push(request);
    const answer = answers.shift();
    return answer ? Promise.resolve(answer) : Promise.reject(new Error(`not expected: ${request.subject}`));
  };
  return { ask, asked };
}
