import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { PermissionRequest, readChoice, readUpdate, SessionOpened } from "../../../src/runtimes/acp/wire.ts";
import type { Recorded } from "../../support/acp-transcript.ts";

const CORPUS = "../shared/corpora/acp/doc-messages.jsonl";
const lines = existsSync(CORPUS) ? readFileSync(CORPUS, "utf8").trim().split("\n") : [];
const cases: Recorded[] = lines.map((line) => JSON.parse(line));
const ofMethod = (method: string) => cases.filter(({ message }) => message?.method === method);
const updates = ofMethod("session/update");
const requests = ofMethod("session/request_permission");

const MEANT = [
  "agent_message_chunk",
  "agent_thought_chunk",
  "tool_call",
  "tool_call_update",
  "plan",
  "usage_update",
];

it(`reads the protocol's own examples${cases.length === 0 ? ": absent here, not run" : ""}`, () => {
  expect(cases.length === 0 || updates.length + requests.length > 0).toBe(true);
});

describe.runIf(cases.length > 0)(
  `${updates.length} updates and ${requests.length} permission requests of the documentation`,
  () => {
    it("are read where they are valid, and never throw", () => {
      for (const { id, message, valid_against_v1_schema: valid } of updates) {
        const update = readUpdate(message.params);
        if (valid && MEANT.includes(message.params.update.sessionUpdate)) expect(update, id).not.toBeNull();
      }
      for (const { id, message, valid_against_v1_schema: valid } of requests) {
        const read = PermissionRequest.safeParse(message.params);
        if (valid) expect(read.success, id).toBe(true);
      }
    });
  },
);

it.each([
  null,
  1,
  "x",
  {},
  { update: null },
  { update: { sessionUpdate: 7 } },
  { update: { sessionUpdate: "tool_call" } },
])("takes %j for nothing", (params) => {
  expect(readUpdate(params)).toBeNull();
});

describe("a choice of models", () => {
  it.each<[string, Recorded, Recorded]>([
    [
      "a config option, its values in groups or not",
      {
        configOptions: [
          {
            id: "m",
            category: "model",
            currentValue: "a",
            options: [{ value: "a" }, { options: [{ value: "b" }] }],
          },
        ],
      },
      { id: "m", current: "a", values: ["a", "b"] },
    ],
    [
      "the older list",
      { models: { currentModelId: "x", availableModels: [{ modelId: "x" }, { modelId: "y", name: "Y" }] } },
      { id: null, current: "x", values: ["x", "y"] },
    ],
    ["nothing", { configOptions: [{ id: "mode", category: "mode", options: [] }] }, null],
  ])("is read from %s", (_, opened, expected) => {
    expect(readChoice(SessionOpened.parse(opened), "model")).toEqual(expected);
  });
});
