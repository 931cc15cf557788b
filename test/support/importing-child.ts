// Imports argv[2], a session of pi, into argv[3]; with argv[4] "kill" it kills itself in the middle of the writing.
// Tells what it needed at most.
import { watch } from "node:fs";
import { fileSource } from "../../src/session/import/foreign-source.ts";
import { importSession } from "../../src/session/import/import-session.ts";
import { importOptions } from "./foreign-session.ts";

const [, , file = "", dir = "", kill] = process.argv;

if (kill === "kill") {
  let writes = 0;
  watch(dir, () => {
    if (++writes > 3) process.kill(process.pid, "SIGKILL");
  });
}
const report = await importSession("pi", fileSource(file), importOptions(dir));
process.stdout.write(JSON.stringify({ report, peakMegabytes: process.resourceUsage().maxRSS / 1024 }));
process.exit();
