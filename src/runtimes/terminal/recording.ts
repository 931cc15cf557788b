// The part of a terminal session from one moment on: a screen of its own that begins as the session's was.
import { createScreen } from "../../mux/screen/screen.ts";
import type { PtySession } from "../../mux/session.ts";

export interface Recording {
  /** As it began. */
  readonly before: readonly string[];
  /** All lines since the top of the screen at the beginning; of a full-screen program its screen alone. */
  lines(): Promise<string[]>;
  close(): void;
}

export async function startRecording(session: PtySession): Promise<Recording> {
  do await session.drawn();
  while (session.screen.backlog() > 0);
  const { columns, rows } = session.screen.size();
  const screen = createScreen(columns, rows);
  screen.write(session.screen.serialize(0));
  const stop = session.onOutput((text) => screen.write(text));
  const lines = async (): Promise<string[]> => {
    await new Promise<void>((resolve) => screen.afterwards(resolve));
    return screen.alternate() ? screen.visible() : screen.transcript();
  };
  return {
    before: await lines(),
    lines,
    close: () => {
      stop();
      screen.close();
    },
  };
}
