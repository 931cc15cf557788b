// The live rows, as the frame has them. They are wrapped and painted already; Ink only places them and the cursor.
import { Box, Text, useCursor } from "ink";
import { memo, type ReactNode } from "react";
import type { Channel } from "../channel.ts";
import type { Frame } from "../frame.ts";
import { useChannel } from "../use-channel.ts";

export const LiveFrame = memo(function LiveFrame({ frame }: { frame: Channel<Frame> }): ReactNode {
  const { rows, cursor } = useChannel(frame);
  const { setCursorPosition } = useCursor();
  setCursorPosition(cursor ?? undefined);
  return (
    <Box flexDirection="column">
      {rows.map((row, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: rows have no identity but their place
        <FrameRow key={index} row={row} />
      ))}
    </Box>
  );
});

/** An empty Text would have no height. */
const FrameRow = memo(function FrameRow({ row }: { row: string }): ReactNode {
  return row === "" ? <Box height={1} /> : <Text wrap="truncate">{row}</Text>;
});
