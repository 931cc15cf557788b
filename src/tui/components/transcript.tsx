// Finished rows go into the terminal's own scrollback, once. The only user of Static, and blind to everything else:
// a render of Static is a frame of its own (see Ink's commitUpdate), so it must not follow the live tail.
import { Static, Text } from "ink";
import { memo, type ReactNode } from "react";
import type { ScreenStore } from "../screen-store.ts";
import { useChannel } from "../use-channel.ts";

/** Wider than any row: what is too long for the window is broken by the terminal, never cut by Ink. */
const STYLE = { width: 10_000 };

export const Transcript = memo(function Transcript({ store }: { store: ScreenStore }): ReactNode {
  const chunks = useChannel(store.committed);
  return (
    <Static items={[...chunks]} style={STYLE}>
      {(chunk) => (
        <Text key={chunk.id} wrap="truncate">
          {chunk.text}
        </Text>
      )}
    </Static>
  );
});
