// Runs a program on our own terminal (an editor), which the caller has let go of.
import { spawn } from "node:child_process";

/** The exit code; null when a signal ended it. Rejects when the program cannot be started. */
export function runInForeground(file: string, args: readonly string[]): Promise<number | null> {
  return new Promise((resolve, reject) => {
    const child = spawn(file, [...args], { stdio: "inherit" });
    child.on("error", reject);
    child.on("exit", (code) => resolve(code));
  });
}
