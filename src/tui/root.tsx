// The root of the main screen: finished rows, live rows, the keyboard. Renders once; its parts follow their channels.
import { Box, useInput, usePaste } from "ink";
import type { ReactNode } from "react";
import { LiveFrame } from "./components/live-frame.tsx";
import { Transcript } from "./components/transcript.tsx";
import type { Presser } from "./press.ts";
import type { Screen } from "./screen.ts";

export function Root({ screen, presser }: { screen: Screen; presser: Presser }): ReactNode {
  useInput(presser.press);
  usePaste(presser.paste);
  return (
    <Box flexDirection="column">
      <Transcript store={screen.store} />
      <LiveFrame frame={screen.frame} />
    </Box>
  );
}
