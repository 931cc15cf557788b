// Names a saved session that is not open here.
import { stat, utimes } from "node:fs/promises";
import { AppError } from "../lib/app-error.ts";
import { createRecorder } from "../runtimes/recorder.ts";
import { openSession, type StoreContext } from "../session/store.ts";

/** Throws `session.locked` while another process has it, else as `openSession` does. Its age stays: nobody worked in it. */
export async function renameSession(path: string, name: string, context: StoreContext): Promise<void> {
  const { atime, mtime } = await stat(path);
  const { store } = await openSession(path, context, { entries: 0 });
  const failures: AppError[] = [];
  const onFailure = ({ code, message }: { code: string; message: string }): void =>
    void failures.push(new AppError(code, message));
  const recorder = createRecorder({ store, onFailure });
  try {
    await recorder.setName(name);
  } finally {
    await recorder.close();
  }
  const [failure] = failures;
  if (failure !== undefined) throw failure;
  await utimes(path, atime, mtime);
}
