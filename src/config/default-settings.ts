// The defaults, apart from the schema so that a start without settings files loads no schema library.
import type { Settings } from "./settings.ts";

/** What holds where no file and no flag says otherwise. Steps: 100 interactive, 50 one-shot (set by the frontend). */
export const DEFAULT_SETTINGS = {
  thinking: "off",
  permissionMode: "ask",
  profile: "full",
  theme: "auto",
  editor: "emacs",
  enterWhileBusy: "steer",
  images: "auto",
  terminalTitle: true,
  terminalProgress: true,
  notify: "auto",
  compaction: { auto: true, reserveTokens: 20_000, keepTokens: 20_000 },
  retry: { attempts: 4, baseDelayMs: 1_000 },
} as const satisfies Settings;
