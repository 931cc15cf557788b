// `hearth mux send|pause|resume|resize|detach|wait`: one question to the session's host each.
import { AppError } from "../../../lib/app-error.ts";
import { ACTIVITIES, type Activity } from "../../../mux/activity/activity.ts";
import { ask } from "../../../mux/client/ask.ts";
import { findSession, untilHostGone } from "../../../mux/folder/sessions.ts";
import { EXIT } from "../../exit.ts";
import { tell } from "../../print-lines.ts";
import { checkSize, endWords, muxFolder, runningSession } from "./words.ts";

export async function sendCommand(
  name: string,
  text: string,
  { key, enter = false }: { key: readonly string[]; enter?: boolean },
): Promise<number> {
  if (text === "" && key.length === 0 && !enter) {
    throw new AppError("cli.text", "There is nothing to send.", {
      hint: `\`hearth mux send ${name} "some text" --enter\`, or --key ctrl+c.`,
    });
  }
  await ask(await runningSession(name), { type: "send", text, keys: [...key], enter });
  return EXIT.completed;
}

export async function pauseCommand(name: string, what: "pause" | "resume"): Promise<number> {
  await ask(await runningSession(name), { type: what });
  const words = what === "pause" ? "takes no input; its program goes on." : "takes input again.";
  tell(`${name} ${words}`);
  return EXIT.completed;
}

/** `size`: COLUMNSxROWS. */
export async function resizeCommand(name: string, size: string): Promise<number> {
  const [, width, height] = /^(\d{1,6})x(\d{1,6})$/i.exec(size) ?? [];
  if (width === undefined || height === undefined) {
    throw new AppError("mux.size", `"${size}" is no size for a terminal.`, {
      hint: "Columns and rows, such as 120x40.",
    });
  }
  const [columns, rows] = [Number(width), Number(height)];
  checkSize(columns, rows);
  await ask(await runningSession(name), { type: "resize", columns, rows });
  return EXIT.completed;
}

export async function detachCommand(name: string, client: string | undefined): Promise<number> {
  const { detached = 0 } = await ask(await runningSession(name), { type: "detach", client: client ?? null });
  tell(detached === 0 ? `Nobody is attached to ${name}.` : `${detached} detached from ${name}; it goes on.`);
  return EXIT.completed;
}

export async function waitCommand(
  name: string,
  { state: wished, timeoutMs }: { state: string; timeoutMs: number | null },
): Promise<number> {
  const state = knownState(wished);
  const record = await findSession(muxFolder(), name);
  if (record.state !== "running" && state === "exited") {
    tell(`${name} has ended: ${endWords(record)}.`);
    return EXIT.completed;
  }
  const question = { type: "wait", state, timeoutMs } as const;
  await ask(await runningSession(name), question, { patienceMs: null });
  if (state === "exited") {
    await untilHostGone(muxFolder(), name);
    tell(`${name} has ended: ${endWords(await findSession(muxFolder(), name))}.`);
  }
  return EXIT.completed;
}

function knownState(wished: string): Activity {
  const state = ACTIVITIES.find((one) => one === wished);
  if (state !== undefined) return state;
  throw new AppError("cli.state", `"${wished}" is no state.`, { hint: `States: ${ACTIVITIES.join(", ")}.` });
}
