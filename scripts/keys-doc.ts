// Writes docs/keys.md from the table of keys: npm run docs:keys
import { writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { keysDocument } from "../src/tui/keys/keys-text.ts";

await writeFile(fileURLToPath(new URL("../docs/keys.md", import.meta.url)), keysDocument());
