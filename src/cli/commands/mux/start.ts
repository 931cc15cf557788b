// `hearth mux start`: a program in the background.
import { processEnvironment } from "../../../config/env.ts";
import { AppError } from "../../../lib/app-error.ts";
import { checkName } from "../../../mux/folder/names.ts";
import type { HostRequest } from "../../../mux/host/host.ts";
import { launchHost } from "../../../mux/host/launch.ts";
import { EXIT } from "../../exit.ts";
import { workingDirectory } from "../../open-app.ts";
import { printJson, tell } from "../../print-lines.ts";
import { checkSize, muxFolder } from "./words.ts";

export type StartFlags = { cols: number; rows: number; cwd: string | undefined; json?: boolean };

export async function startCommand(
  name: string,
  [file, ...args]: readonly string[],
  { cols: columns, rows, cwd, json }: StartFlags,
): Promise<number> {
  checkName(name);
  checkSize(columns, rows);
  // Without it flags of the program would be taken for ours.
  if (file === undefined || !process.argv.includes("--")) {
    throw new AppError("mux.command", "What is to be started stands behind two dashes.", {
      hint: "`hearth mux start NAME -- COMMAND ARGS...`",
    });
  }
  const request: HostRequest = {
    dir: muxFolder(),
    name,
    command: [file, ...args],
    cwd: await workingDirectory(cwd),
    columns,
    rows,
  };
  const record = await launchHost(request, {
    command: [process.execPath, ...process.execArgv, process.argv[1] ?? "", "mux", "host"],
    env: processEnvironment(),
  });
  if (json) printJson({ name, pid: record.pid, columns, rows, cwd: record.cwd, command: record.command });
  else tell(`Started ${name}, process ${record.pid}. \`hearth mux attach ${name}\` shows it.`);
  return EXIT.completed;
}
