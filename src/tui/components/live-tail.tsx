// The rows that may still change: the answer as it comes, tools at work.
import { Box } from "ink";
import { memo, type ReactNode } from "react";
import type { ScreenStore } from "../screen-store.ts";
import { useChannel } from "../use-channel.ts";
import { Rows } from "./rows.tsx";

export const LiveTail = memo(function LiveTail({ store }: { store: ScreenStore }): ReactNode {
  const rows = useChannel(store.tail);
  return rows.length === 0 ? null : (
    <Box flexDirection="column">
      <Rows rows={rows} />
    </Box>
  );
});
