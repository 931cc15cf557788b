import fc from "fast-check";
import { expect, it } from "vitest";
import { readRequest } from "../../../src/runtimes/codex/approval.ts";
import { CodexTurn } from "../../../src/runtimes/codex/translate.ts";
import {
  ApprovalParams,
  lacksLogin,
  readModels,
  readNote,
  readOpened,
  readTurnId,
} from "../../../src/runtimes/codex/wire.ts";
import type { Recorded } from "../../support/acp-transcript.ts";

const METHODS = [
  "item/started",
  "item/completed",
  "item/agentMessage/delta",
  "item/commandExecution/outputDelta",
  "turn/plan/updated",
  "thread/tokenUsage/updated",
  "turn/completed",
  "error",
  "warning",
  "thread/settings/updated",
  "serverRequest/resolved",
];
const REQUESTS = [
  "item/commandExecution/requestApproval",
  "item/fileChange/requestApproval",
  "item/permissions/requestApproval",
  "mcpServer/elicitation/request",
  "item/tool/requestUserInput",
];
const TYPES = [
  "commandExecution",
  "fileChange",
  "mcpToolCall",
  "agentMessage",
  "reasoning",
  "userMessage",
  "webSearch",
  "plan",
];
const FIELDS = [
  "command",
  "changes",
  "summary",
  "arguments",
  "result",
  "error",
  "text",
  "exitCode",
  "processId",
  "status",
];

/** Fields of the right name with anything in them. */
const anything = fc.anything({ maxDepth: 3 });
const item = fc
  .tuple(fc.constantFrom(...TYPES), fc.dictionary(fc.constantFrom(...FIELDS), anything))
  .map(([type, fields]): Recorded => ({ ...fields, type, id: "i" }));
const params = fc.oneof(
  anything,
  fc.record({
    item,
    itemId: fc.constant("i"),
    delta: anything,
    turn: anything,
    tokenUsage: anything,
    error: anything,
  }),
  fc.record({ itemId: fc.constant("i"), plan: anything, message: anything, threadSettings: anything }),
);

it("a message that is damaged or of another version never throws", () => {
  const notes = fc.array(fc.tuple(fc.constantFrom(...METHODS), params, fc.boolean()), { maxLength: 8 });
  fc.assert(
    fc.property(notes, (all) => {
      const turn = new CodexTurn("/w");
      for (const [method, given, own] of all) {
        const note = readNote(method, given);
        if (note) turn.take(note, own);
      }
      turn.leftRunning();
    }),
    { numRuns: 500 },
  );
});

it("nor does a request, and what is answered is an answer", () => {
  const wanted = fc.dictionary(
    fc.constantFrom(
      "itemId",
      "command",
      "permissions",
      "_meta",
      "questions",
      "kind",
      "networkApprovalContext",
    ),
    anything,
  );
  fc.assert(
    fc.property(fc.constantFrom(...REQUESTS), wanted, item, (method, given, known) => {
      const turn = new CodexTurn("/w");
      const note = readNote("item/started", { item: known });
      if (note) turn.take(note, true);
      const asked = readRequest({ id: 1, method }, ApprovalParams.parse(given), turn);
      const results = asked && "answer" in asked ? [asked.answer({ answer: "cancel" })] : [asked?.result];
      for (const result of results) expect(result).toBeTypeOf("object");
    }),
    { numRuns: 500 },
  );
});

it("nor do answers", () => {
  fc.assert(
    fc.property(anything, (answer) => {
      for (const read of [readModels, readOpened, readTurnId, lacksLogin]) read(answer);
    }),
  );
});

it("a command is judged as it is asked for, whatever its item said before", () => {
  const turn = new CodexTurn("/w");
  const known = { type: "commandExecution", id: "i", command: "/bin/bash -lc ls", status: "inProgress" };
  const note = readNote("item/started", { item: known });
  if (note) turn.take(note, true);
  const params = ApprovalParams.parse({ itemId: "i", command: "/bin/bash -lc 'rm -rf .'" });
  const asked = readRequest({ id: 1, method: "item/commandExecution/requestApproval" }, params, turn);
  expect(asked && "request" in asked && asked.request.call.naming.arguments.command).toBe("rm -rf .");
});
