// What both kinds of a scripted Claude Code answer alike.
import type { Recorded } from "./acp-transcript.ts";

export type Outside = {
  say: (line: Recorded) => void;
  note: (kind: string, line: Recorded) => void;
};

const MODELS = [
  {
    value: "default",
    resolvedModel: "claude-opus-5-5",
    supportedEffortLevels: ["low", "medium", "high", "xhigh", "max"],
  },
  { value: "sonnet", resolvedModel: "claude-sonnet-5-5", supportedEffortLevels: ["low", "high"] },
];
const ACCOUNT = { tokenSource: "none", apiKeySource: "ANTHROPIC_API_KEY", apiProvider: "firstParty" };

export abstract class AnsweringAgent {
  protected readonly outside: Outside;
  readonly #initialized: Recorded;

  constructor({ initialized }: { initialized?: Recorded }, outside: Outside) {
    this.outside = outside;
    this.#initialized = initialized;
  }

  hear(line: Recorded): void {
    this.outside.note(line.type, line);
    switch (line.type) {
      case "user":
        this.hearMessage(line);
        break;
      case "control_request":
        this.#hearRequest(line.request_id, line.request);
        break;
      case "control_response":
        // As with --replay-user-messages.
        this.outside.say(line);
        this.hearAnswer(line.response.request_id, line.response.response);
        break;
    }
  }

  protected abstract hearMessage(line: Recorded): void;
  protected abstract hearAnswer(requestId: string, answer: Recorded): void;
  protected abstract interrupt(requestId: string, request: Recorded): void;

  protected answer(requestId: string, response?: Recorded): void {
    const body = { subtype: "success", request_id: requestId, ...(response ? { response } : {}) };
    this.outside.say({ type: "control_response", response: body });
  }

  #hearRequest(requestId: string, request: Recorded): void {
    switch (request.subtype) {
      case "initialize":
        this.answer(requestId, { models: MODELS, account: ACCOUNT, ...this.#initialized });
        break;
      case "interrupt":
        this.interrupt(requestId, request);
        break;
      case "set_model":
        this.answer(requestId, { model: request.model });
        break;
      case "set_permission_mode":
        this.answer(requestId, { mode: request.mode });
        break;
      case "apply_flag_settings":
        this.answer(requestId);
        break;
      default: {
        const error = `Unsupported control request subtype: ${request.subtype}`;
        const response = {
          subtype: "error",
          request_id: requestId,
          error,
          error_code: "unsupported_request",
        };
        this.outside.say({ type: "control_response", response });
      }
    }
  }
}
