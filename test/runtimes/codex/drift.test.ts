// What we send to Codex, against the schema that the real program itself prints: a new version that wants something else
// is seen here first.
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AjvJsonSchemaValidator } from "@modelcontextprotocol/client/validators/ajv";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readRequest } from "../../../src/runtimes/codex/approval.ts";
import {
  INITIALIZE,
  injectParams,
  resumeParams,
  type SandboxKind,
  steerParams,
  threadParams,
  turnParams,
} from "../../../src/runtimes/codex/thread-params.ts";
import { CodexTurn } from "../../../src/runtimes/codex/translate.ts";
import { ApprovalParams } from "../../../src/runtimes/codex/wire.ts";
import type { PermissionVerdict } from "../../../src/runtimes/external/connection.ts";
import { codexItems } from "../../../src/session/export/codex-items.ts";
import type { Recorded } from "../../support/acp-transcript.ts";
import { CODEX } from "../../support/codex-program.ts";

const BLOCKS = [
  { type: "text", text: "hi" },
  { type: "image", mimeType: "image/png", data: "AAAA" },
] as const;

const SETTINGS = { model: null, effort: null, modeChange: null };
const mode = (sandbox: SandboxKind, name: "plan" | "default" | null) => ({
  sandbox,
  workspace: null,
  collaboration: name === null ? null : { mode: name, model: "m", effort: null },
});

const SENT: readonly (readonly [schema: string, what: unknown])[] = [
  ["v1/InitializeParams", INITIALIZE],
  ["v2/ThreadStartParams", threadParams({ cwd: "/w", mode: "ask" })],
  ["v2/ThreadStartParams", threadParams({ cwd: "/w", mode: "plan" })],
  ["v2/ThreadResumeParams", resumeParams("t", { cwd: "/w", mode: "full" })],
  ["v2/TurnStartParams", turnParams("t", BLOCKS, SETTINGS)],
  [
    "v2/TurnStartParams",
    turnParams("t", BLOCKS, { model: "m", effort: "low", modeChange: mode("workspace-write", "default") }),
  ],
  ["v2/TurnStartParams", turnParams("t", BLOCKS, { ...SETTINGS, modeChange: mode("read-only", "plan") })],
  [
    "v2/TurnStartParams",
    turnParams("t", BLOCKS, { ...SETTINGS, modeChange: mode("danger-full-access", null) }),
  ],
  ["v2/ThreadBackgroundTerminalsListParams", { threadId: "t" }],
  ["v2/ThreadBackgroundTerminalsTerminateParams", { threadId: "t", processId: "1" }],
  ["v2/TurnSteerParams", steerParams({ threadId: "t", turnId: "u" }, BLOCKS, "id")],
  ["v2/TurnInterruptParams", { threadId: "t", turnId: "u" }],
  ["v2/ThreadInjectItemsParams", injectParams("t", codexItems({ role: "user", content: [BLOCKS[0]] }))],
  ["v2/ModelListParams", { cursor: "c" }],
  ["v2/GetAccountParams", { refreshToken: false }],
];

const METHODS = [
  "initialize",
  "account/read",
  "thread/start",
  "thread/resume",
  "thread/inject_items",
  "turn/start",
  "turn/steer",
  "turn/interrupt",
  "model/list",
  "thread/backgroundTerminals/list",
  "thread/backgroundTerminals/terminate",
];

const HEARD = [
  "item/started",
  "item/completed",
  "item/agentMessage/delta",
  "item/plan/delta",
  "item/reasoning/summaryTextDelta",
  "item/reasoning/textDelta",
  "item/commandExecution/outputDelta",
  "turn/plan/updated",
  "turn/started",
  "turn/completed",
  "thread/tokenUsage/updated",
  "thread/settings/updated",
  "model/rerouted",
  "serverRequest/resolved",
  "warning",
  "guardianWarning",
  "configWarning",
  "error",
];

/** Requests of Codex, and of what shape their answers are. */
const ASKED: readonly (readonly [method: string, params: Record<string, unknown>, answer: string])[] = [
  ["item/commandExecution/requestApproval", { command: "ls" }, "CommandExecutionRequestApprovalResponse"],
  ["item/fileChange/requestApproval", { itemId: "i" }, "FileChangeRequestApprovalResponse"],
  [
    "item/permissions/requestApproval",
    { permissions: { network: { enabled: true }, fileSystem: null } },
    "PermissionsRequestApprovalResponse",
  ],
  [
    "mcpServer/elicitation/request",
    { serverName: "s", _meta: { codex_approval_kind: "mcp_tool_call", tool_name: "t" } },
    "McpServerElicitationRequestResponse",
  ],
  ["mcpServer/elicitation/request", { serverName: "s", mode: "form" }, "McpServerElicitationRequestResponse"],
  ["item/tool/requestUserInput", { questions: [{ id: "q" }] }, "ToolRequestUserInputResponse"],
];

const VERDICTS: readonly PermissionVerdict[] = [
  { answer: "allow", arguments: {} },
  { answer: "reject", message: "no" },
  { answer: "cancel" },
];

describe.skipIf(CODEX === null)(
  "the schema of the installed Codex (skipped where it is not installed)",
  () => {
    let folder = "";

    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), "codex-schema-"));
      const args = ["app-server", "generate-json-schema", "--experimental", "--out", folder];
      await execa(CODEX ?? "", args, { env: { HOME: folder } });
    }, 60_000);

    afterAll(() => rm(folder, { recursive: true, force: true }));

    /** Without the formats of numbers (uint32), which the validator does not know. */
    const schema = async (name: string): Promise<Recorded> =>
      JSON.parse(await readFile(join(folder, `${name}.json`), "utf8"), (key, value) =>
        key === "format" ? undefined : value,
      );

    /** Null where it is as Codex wants it. Its schema lets pass what it does not know, so names are looked at too. */
    const fault = async (name: string, value: unknown): Promise<string | null> => {
      const wanted = await schema(name);
      const read = new AjvJsonSchemaValidator().getValidator(wanted)(value);
      const unknown = Object.keys(value as object).filter((key) => wanted.properties?.[key] === undefined);
      if (!read.valid) return read.errorMessage;
      return unknown.length > 0 ? `unknown: ${unknown.join(", ")}` : null;
    };

    it.each(SENT)("%s is what we send", async (name, what) => {
      expect(await fault(name, what)).toBeNull();
    });

    it("a wrong shape is found", async () => {
      expect(await fault("v2/TurnInterruptParams", { threadId: "t" })).not.toBeNull();
      expect(await fault("v2/TurnInterruptParams", { threadId: "t", turnId: "u", more: 1 })).toBe(
        "unknown: more",
      );
    });

    it.each(ASKED)("answers to %s are as it wants them", async (method, params, answer) => {
      const asked = readRequest({ id: 1, method }, ApprovalParams.parse(params), new CodexTurn("/w"));
      if (!asked) throw new Error(`${method} is not known`);
      const results = "result" in asked ? [asked.result] : VERDICTS.map((verdict) => asked.answer(verdict));
      for (const result of results) expect(await fault(answer, result)).toBeNull();
    });

    it("every method that we call, hear or answer is there", async () => {
      const text = async (name: string) => JSON.stringify(await schema(name));
      const missing = async (name: string, methods: readonly string[]) => {
        const known = await text(name);
        return methods.filter((method) => !known.includes(`"${method}"`));
      };
      expect(await missing("ClientRequest", METHODS)).toEqual([]);
      expect(await missing("ServerNotification", HEARD)).toEqual([]);
      expect(
        await missing(
          "ServerRequest",
          ASKED.map(([method]) => method),
        ),
      ).toEqual([]);
    });
  },
);
