// What Codex asks of us in the middle of a turn, as questions to our gate, and the gate's verdicts in its words. Pure.
// "Always" stays our rule: Codex is told yes for this once, since what it stores (its exec policy) reaches later sessions.
import { fieldOf } from "../../lib/field-of.ts";
import type { CallUpdate, PermissionRequest, PermissionVerdict } from "../external/connection.ts";
import { mcpName } from "./item-view.ts";
import { NO_PERSON } from "./no-person.prompt.ts";
import type { RpcId } from "./rpc.ts";
import { typedCommand } from "./shell-script.ts";
import type { CodexTurn } from "./translate.ts";
import { type ApprovalParams, questionIds } from "./wire.ts";

export type Question = {
  request: PermissionRequest;
  /** The result of the request that asked. */
  answer: (verdict: PermissionVerdict) => unknown;
  /** It stands beside the calls of the turn: nothing more is heard of it once it is allowed. */
  aside: boolean;
};

/** `result`: what is answered without asking anybody. */
export type Asked = Question | { result: unknown; notice?: string };

type Decided = Pick<PermissionRequest, "call" | "tool">;

/** Null for a request that we do not know. */
export function readRequest(
  { id, method }: { id: RpcId; method: string },
  params: ApprovalParams,
  turn: CodexTurn,
): Asked | null {
  switch (method) {
    case "item/commandExecution/requestApproval":
      return commandQuestion(id, params, turn);
    case "item/fileChange/requestApproval": {
      const known = turn.asked(params.itemId ?? "") ?? unknownChange(id, params);
      return { request: { ...known, editable: false }, answer: decision, aside: false };
    }
    case "item/permissions/requestApproval":
      return permissionsQuestion(id, params);
    case "mcpServer/elicitation/request":
      return elicitation(id, params, turn);
    case "item/tool/requestUserInput":
      return { result: { answers: noAnswers(params) } };
    default:
      return null;
  }
}

function decision({ answer }: PermissionVerdict): unknown {
  const words = { allow: "accept", reject: "decline", cancel: "cancel" } as const;
  return { decision: words[answer] };
}

function commandQuestion(id: RpcId, params: ApprovalParams, turn: CodexTurn): Question {
  const aside = asideCommand(id, params);
  const decided = aside ?? asAsked(turn.asked(params.itemId ?? ""), params) ?? commandAlone(id, params);
  return { request: { ...decided, editable: false }, answer: decision, aside: aside !== null };
}

/** What is asked for is judged, whatever its item said before. */
function asAsked(known: Decided | null, { command }: ApprovalParams): Decided | null {
  if (!known || command === undefined || known.call.naming.name !== "bash") return known;
  const { name, arguments: args } = known.call.naming;
  const naming = { name, arguments: { ...args, command: typedCommand(command) } };
  return { ...known, call: { ...known.call, naming } };
}

/** A second question within a call: input for its terminal, a host it wants to reach, a part of a script. */
function asideCommand(id: RpcId, params: ApprovalParams): Decided | null {
  const { command = "", approvalId, kind, networkApprovalContext: network } = params;
  if (kind === "writeStdin") return decidedAs(approvalId ?? `input-${id}`, "write_stdin", { input: command });
  if (network?.host) {
    const { host, protocol } = network;
    return decidedAs(approvalId ?? `network-${id}`, "network", {
      host,
      protocol,
      command: typedCommand(command),
    });
  }
  if (approvalId === undefined) return null;
  return decidedAs(approvalId, "bash", { command: typedCommand(command) });
}

function commandAlone(id: RpcId, { itemId, command = "", reason }: ApprovalParams): Decided {
  return decidedAs(itemId ?? `command-${id}`, "bash", { command: typedCommand(command), reason });
}

function decidedAs(id: string, name: string, args: Record<string, unknown>): Decided {
  const given = Object.entries(args).filter(([, value]) => value !== undefined);
  const call: CallUpdate = { id, naming: { name, arguments: Object.fromEntries(given) } };
  return { call, tool: null };
}

/** Which files is not known: it may be any. */
function unknownChange(id: RpcId, { itemId, reason }: ApprovalParams): Decided {
  const { call } = decidedAs(itemId ?? `change-${id}`, "edit", { reason });
  return { call, tool: { readOnly: false, kind: "edit", paths: () => [] } };
}

/** More rights for the rest of the turn, as the model asks for them. */
function permissionsQuestion(id: RpcId, { itemId, reason, permissions }: ApprovalParams): Question {
  const wanted = withoutNulls(permissions);
  const decided = decidedAs(itemId ?? `permissions-${id}`, "permissions", { reason, ...wanted });
  return {
    request: { ...decided, editable: false },
    answer: ({ answer }) => ({ permissions: answer === "allow" ? wanted : {}, scope: "turn" }),
    aside: true,
  };
}

function withoutNulls(value: unknown): Record<string, unknown> {
  const fields = typeof value === "object" && value !== null ? Object.entries(value) : [];
  return Object.fromEntries(fields.filter(([, part]) => part !== null && part !== undefined));
}

/** Codex asks by this whether a tool of an MCP server may run; servers use it to ask the person for values. */
function elicitation(id: RpcId, params: ApprovalParams, turn: CodexTurn): Asked {
  const { serverName = "", _meta: meta } = params;
  const tool = fieldOf(meta, "tool_name");
  if (fieldOf(meta, "codex_approval_kind") !== "mcp_tool_call" || typeof tool !== "string") {
    const notice = `Its MCP server ${serverName} wanted to ask you something, which cannot be shown here: it was declined.`;
    return { result: elicited("decline"), notice };
  }
  const open = turn.openMcpCall(serverName, tool);
  const args = withoutNulls(fieldOf(meta, "tool_params"));
  const known = open === null ? null : turn.asked(open);
  const decided = known ?? decidedAs(`mcp-${id}`, mcpName(serverName, tool), args);
  const answers = { allow: "accept", reject: "decline", cancel: "cancel" } as const;
  return {
    request: { ...decided, editable: false },
    answer: ({ answer }) => elicited(answers[answer]),
    aside: known === null,
  };
}

function elicited(action: "accept" | "decline" | "cancel"): unknown {
  return { action, content: action === "accept" ? {} : null, _meta: null };
}

/** There is nobody who could be asked this way: the model is to ask in its text. */
function noAnswers(params: ApprovalParams): Record<string, unknown> {
  return Object.fromEntries(questionIds(params).map((id) => [id, { answers: [NO_PERSON] }]));
}
