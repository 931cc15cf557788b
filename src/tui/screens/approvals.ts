// Answering the gate's question: once, always, no with a reason, or with the call edited.
import type { ApprovalRequest } from "../../protocol/approval.ts";
import type { Desk } from "../desk.ts";
import { keyNames } from "../keys/key-words.ts";
import type { KeyAction } from "../keys/keys.ts";

/** False when the action is no answer. */
export function answerApproval(desk: Desk, request: ApprovalRequest, action: KeyAction): boolean {
  switch (action) {
    case "approve_once":
      approve(desk, request, { outcome: "allow_once" });
      return true;
    case "approve_always":
      approve(desk, request, { outcome: "allow_always" });
      return true;
    case "approve_reject":
      askReason(desk, request);
      return true;
    case "approve_edit":
      editCall(desk, request);
      return true;
    default:
      return false;
  }
}

type Answer = {
  outcome: "allow_once" | "allow_always" | "reject_once";
  reason?: string;
  arguments?: Record<string, unknown>;
};

function approve(desk: Desk, request: ApprovalRequest, answer: Answer): void {
  desk.attempt(() => desk.app.conversation.send({ type: "approve", requestId: request.id, ...answer }));
}

function askReason(desk: Desk, request: ApprovalRequest): void {
  const key = keyNames(desk.bindings);
  desk.ask({
    title: `No, because ... (${key("submit")} alone refuses without a reason, ${key("interrupt")} goes back)`,
    submit: (text) => {
      const reason = text.trim();
      approve(desk, request, { outcome: "reject_once", ...(reason === "" ? {} : { reason }) });
    },
  });
}

/** The one text argument that matters is edited: a command; of other calls all arguments as JSON. */
function editCall(desk: Desk, request: ApprovalRequest): void {
  const key = keyNames(desk.bindings);
  const { command } = request.arguments;
  const isCommand = typeof command === "string";
  desk.ask({
    title: `Edit, then ${key("submit")} runs it (${key("interrupt")} goes back)`,
    initial: isCommand ? command : JSON.stringify(request.arguments, null, 2),
    submit: (edited) => {
      const changed = isCommand ? { ...request.arguments, command: edited } : readArguments(edited);
      if (changed) approve(desk, request, { outcome: "allow_once", arguments: changed });
      else desk.say("That is no JSON object: nothing was run.");
    },
  });
}

function readArguments(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : null;
  } catch {
    // Not JSON: the person is told, and edits on.
    return null;
  }
}
