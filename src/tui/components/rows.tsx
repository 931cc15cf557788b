// Finished rows on the screen. They are wrapped and painted already; Ink only places them.
import { Box, Text } from "ink";
import type { ReactNode } from "react";

export function Rows({ rows }: { rows: readonly string[] }): ReactNode {
  return (
    <Box flexDirection="column">
      {rows.map((row, index) => (
        // Rows have no identity but their place. An empty Text would have no height.
        // biome-ignore lint/suspicious/noArrayIndexKey: see above
        <RowLine key={index} row={row} />
      ))}
    </Box>
  );
}

function RowLine({ row }: { row: string }): ReactNode {
  return row === "" ? <Box height={1} /> : <Text wrap="truncate">{row}</Text>;
}
