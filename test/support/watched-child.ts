// A program with a long command under watch: what a test kills outright to see whether the command goes with it.
import { startProcess } from "../../src/lib/subprocess.ts";

const watched = process.argv[2] === "watched";
await startProcess("/bin/sh", ["-c", "sleep 300 & echo $!; wait"], {
  cwd: "/",
  env: { PATH: process.env.PATH ?? "" },
  watched,
  onOutput: (text) => process.stdout.write(text),
});
