// What a setting comes to while no runtime runs that would apply it.
import type { ControlMessage } from "../protocol/control.ts";
import type { AgentEvent } from "../protocol/event.ts";
import { type ModelFinder, modelName } from "./model-finder.ts";
import type { SessionState } from "./state.ts";

type SettingMessage = Extract<ControlMessage, { type: "set_model" | "set_thinking" | "set_mode" }>;

/** Throws `model.unknown`. */
export async function settingEvent(
  message: SettingMessage,
  state: Pick<SessionState, "model" | "thinking">,
  findModel: ModelFinder["find"],
): Promise<AgentEvent> {
  switch (message.type) {
    case "set_model": {
      const { model, thinking = state.thinking } = await findModel(message.model);
      return { type: "model_changed", model: modelName(model), thinking };
    }
    case "set_thinking":
      return { type: "model_changed", model: state.model, thinking: message.thinking };
    case "set_mode":
      return { type: "mode_changed", mode: message.mode };
  }
}
