// Asks what to take back: conversation, files or both, with what would change in the files beside the list.
import type { RollbackAction } from "../../app/rollback/checkpoint-choice.ts";
import type { Desk } from "../desk.ts";
import { runPicker } from "../pickers/picker-run.ts";

/** Goes on without a question where only the conversation can change. */
export function openRollback(desk: Desk, action: RollbackAction): void {
  desk.attempt(async () => {
    const preview = await desk.app.checkpoints.preview(action);
    const { rollbackSource, takeBack, titleOf } = await import("../pickers/rollback.ts");
    const isQuestion = preview.changes.length > 0 || preview.blocked.length > 0;
    if (isQuestion) runPicker(desk, titleOf(preview), () => Promise.resolve(rollbackSource(desk, preview)));
    else await takeBack(desk, preview, preview.conversationStays === "" ? "conversation" : "files");
    // Said after what was done: it is the reason why there was no question.
    if (!isQuestion && preview.filesStay !== "") desk.say(`The files stay: ${preview.filesStay}`);
  });
}
