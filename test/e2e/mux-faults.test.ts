// `hearth mux` where something goes wrong: killed hosts and clients, stuck readers, floods, hostile names.
import { readdirSync, readFileSync } from "node:fs";
import { mkdir, readdir, stat, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { isAlive } from "../tools/temporary-workspace.ts";
import { type Mux, newMux, programRows } from "./mux-driver.ts";
import { expectPlainModes } from "./terminal-modes.ts";

const BASH = ["bash", "--norc", "--noprofile"];

function residentBytes(pid: number): number {
  const kilobytes = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
  return Number(kilobytes) * 1024;
}

/** Processes of a terminal's session, whatever their group. */
function membersOf(leader: number): number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        const text = readFileSync(`/proc/${pid}/stat`, "latin1");
        const [state, , , session] = text.slice(text.lastIndexOf(")") + 2).split(" ");
        return Number(session) === leader && state !== "Z";
      } catch {
        return false;
      }
    });
}

function muxDir({ place }: Mux): string {
  return join(place.env.HEARTH_HOME ?? "", "mux");
}

test("a host that is killed takes its program along, gives terminals back, and is listed as lost", async () => {
  const mux = await newMux();
  await mux.start("work", ...BASH);
  await mux.ok("send", "work", "sleep 1000 & nohup sleep 1001 >/dev/null 2>&1 & echo two jo''bs", "--enter");
  const client = await mux.attach("work");
  await client.waitFor("two jobs");
  const { hostPid, pid } = await mux.listed("work");
  await expect.poll(() => membersOf(pid).length).toBe(3);
  process.kill(hostPid, "SIGKILL");
  expect((await client.exited).exitCode).toBe(1);
  expect(client.transcript().join("\n")).toContain("The process behind work is gone");
  expectPlainModes(client.bytes());
  await expect.poll(() => membersOf(pid), { timeout: 5_000 }).toEqual([]);
  expect(await mux.listed("work")).toMatchObject({ state: "lost", exitCode: null });
  expect((await readdir(muxDir(mux))).filter((name) => name.endsWith(".sock"))).toEqual([]);
  expect(await mux.run("send", "work", "x")).toMatchObject({ exitCode: 1 });
  expect(await mux.run("start", "work", "--", "true")).toMatchObject({
    exitCode: 2,
    stderr: expect.stringContaining("`hearth mux rm work`"),
  });
  await mux.ok("rm", "work");
  await mux.start("work", ...BASH);
});

test("a client that is killed leaves the program and the others as they are", async () => {
  const mux = await newMux();
  await mux.start("work", ...BASH);
  const [first, second] = [await mux.attach("work"), await mux.attach("work")];
  await second.waitFor("2 clients");
  first.kill("SIGKILL");
  await second.waitFor("1 client ");
  second.type("echo still he''re\r");
  await second.waitFor("still here");
});

test.for(["SIGTERM", "SIGHUP"])("a client that is ended by %s gives its terminal back", async (signal) => {
  const mux = await newMux();
  await mux.start(
    "work",
    "sh",
    "-c",
    "printf '\\033[?1049h\\033[?2004h\\033[?1002h\\033[?25lfull screen'; cat",
  );
  const client = await mux.attach("work");
  await client.waitFor("full screen");
  client.kill(signal);
  expect((await client.exited).exitCode).toBe(130);
  expectPlainModes(client.bytes());
  expect(client.bytes()).toContain("\x1b[?1002l");
  expect((await mux.listed("work")).clients).toEqual([]);
});

test("a client whose window is closed is gone, and the program goes on", async () => {
  const mux = await newMux();
  await mux.start("work", ...BASH);
  const client = await mux.attach("work");
  const { clients } = await mux.listed("work");
  client.hangUp();
  await expect.poll(() => isAlive(clients[0]?.pid ?? 0), { timeout: 10_000 }).toBe(false);
  expect((await mux.listed("work")).clients).toEqual([]);
});

test("the end of the program ends its clients, with its last words on their screens", async () => {
  const mux = await newMux();
  await mux.start("short", "sh", "-c", "read x; echo last words; exit 4");
  const client = await mux.attach("short");
  client.type("\r");
  expect((await client.exited).exitCode).toBe(0);
  const text = client.transcript().join("\n");
  expect(text).toContain("last words");
  expect(text).toContain("short has ended: status 4.");
  expectPlainModes(client.bytes());
});

test("a client that reads nothing neither grows the host nor slows the others, and is shown the screen when it reads", async () => {
  const mux = await newMux();
  await mux.start("flood", "sh", "-c", "read x; seq 1 3000000; echo flood over; read x");
  const { hostPid } = await mux.listed("flood");
  const before = residentBytes(hostPid);
  const stuck = connect(join(muxDir(mux), "flood.sock"));
  onTestFinished(() => void stuck.destroy());
  stuck.write(`${JSON.stringify({ type: "attach", version: 1, pid: 1, columns: 80, rows: 23 })}\n`);
  stuck.pause();
  const client = await mux.attach("flood");
  await client.waitFor("2 clients");
  client.type("\r");
  await client.waitFor("flood over", 60_000);
  // A scrollback of 10,000 lines takes some 10 MB, all that was printed would be 23.
  expect(residentBytes(hostPid) - before).toBeLessThan(150 * 1024 * 1024);
  let read = "";
  stuck.setEncoding("utf8").on("data", (text: string) => {
    read += text;
  });
  stuck.resume();
  await expect.poll(() => read.includes('"skipped":true'), { timeout: 20_000 }).toBe(true);
  await expect.poll(() => read.slice(read.lastIndexOf('"skipped":true') - 200_000)).toContain("flood over");
  expect(read.length).toBeLessThan(8 * 1024 * 1024);
});

test("a program that does not read its input holds nobody up, and more than a few megabytes are refused", async () => {
  const mux = await newMux();
  await mux.start("deaf", "sh", "-c", "stty raw -echo; echo ready; exec sleep 1000");
  await expect.poll(() => mux.lines("deaf")).toEqual(["ready"]);
  const client = connect(join(muxDir(mux), "deaf.sock"));
  onTestFinished(() => void client.destroy());
  let told = "";
  client.setEncoding("utf8").on("data", (text: string) => {
    told += text;
  });
  client.write(`${JSON.stringify({ type: "attach", version: 1, pid: 1, columns: 80, rows: 23 })}\n`);
  const piece = `${JSON.stringify({ type: "input", text: "x".repeat(500_000) })}\n`;
  for (let count = 0; count < 12; count++) client.write(piece);
  await expect.poll(() => told, { timeout: 10_000 }).toContain("deaf does not read what it is sent.");
  expect(await mux.lines("deaf")).toEqual(["ready"]);
  await mux.ok("end", "deaf");
});

test("a host that is asked to leave asks its program first, and writes down how that ended", async () => {
  const mux = await newMux();
  await mux.start(
    "work",
    "sh",
    "-c",
    "trap 'echo saved; exit 5' TERM; echo ready; while :; do sleep 0.1; done",
  );
  await expect.poll(() => mux.lines("work")).toEqual(["ready"]);
  const { hostPid } = await mux.listed("work");
  process.kill(hostPid, "SIGTERM");
  await expect.poll(() => isAlive(hostPid), { timeout: 10_000 }).toBe(false);
  expect(await mux.listed("work")).toMatchObject({ state: "exited", exitCode: 5 });
  expect(await mux.lines("work")).toContain("saved");
});

test.for(["../outside", "a/b", "..", ".hidden", "", "-flag", "a b", "a\nb", "\x1b[31m", "x".repeat(65)])(
  "%j is no name, and nothing is made for it",
  async (name) => {
    const mux = await newMux();
    const outcome = await mux.run("start", ...(name.startsWith("-") ? ["--", name] : [name, "--"]), "true");
    expect(outcome.exitCode).toBe(2);
    expect(outcome.stderr).toMatch(/^hearth: .*is no name for a terminal session\.\nhint: /);
    expect(outcome.stderr).not.toContain("\x1b");
    expect(await readdir(muxDir(mux)).catch(() => [])).toEqual([]);
  },
);

test("mistakes are told in a sentence with a hint, and with the right exit code", async () => {
  const mux = await newMux();
  await mux.start("build", "cat");
  const cases: [args: string[], exitCode: number, words: string][] = [
    [["attach", "biuld"], 2, "Did you mean build?"],
    [["attach", "build"], 2, "Attaching needs a terminal that can be drawn on."],
    [["start", "build", "--", "cat"], 2, "runs already"],
    [["start", "other", "--", "no-such-program"], 2, "There is no program no-such-program."],
    [["start", "other", "--cwd", "/nowhere", "--", "cat"], 2, "/nowhere cannot be opened."],
    [["start", "other", "--cols", "5000", "--", "cat"], 2, "5000x24 is no size"],
    [["start", "other", "cat"], 2, "behind two dashes"],
    [["resize", "build", "big"], 2, '"big" is no size'],
    [["resize", "build", "1x1"], 2, "1x1 is no size"],
    [["send", "build"], 2, "There is nothing to send."],
    [["send", "build", "--key", "ctrl+entre"], 2, "is no key"],
    [["detach", "build", "c9"], 2, "build has no client c9."],
    [["wait", "build", "--state", "happy"], 2, '"happy" is no state.'],
    [["rm", "build"], 1, "build is still running."],
    [["atach", "build"], 2, "Did you mean attach?"],
  ];
  for (const [args, exitCode, words] of cases) {
    const outcome = await mux.run(...args);
    expect([args, outcome.exitCode]).toEqual([args, exitCode]);
    expect(outcome.stderr).toContain(words);
    expect(outcome.stderr).toMatch(/^hearth: .*\n(?:\(.*\)\n)?hint: /);
  }
});

test("the folder and all in it are its owner's alone, and the program has no stored keys", async () => {
  const mux = await newMux({ MY_OWN: "stays", TMUX: "/tmp/other,1,0" });
  await mkdir(mux.place.env.HEARTH_HOME ?? "", { recursive: true });
  await writeFile(
    join(mux.place.env.HEARTH_HOME ?? "", "credentials.json"),
    JSON.stringify({ ANTHROPIC_API_KEY: "stored-secret" }),
  );
  await mux.start("env", "sh", "-c", "env; read x");
  await expect.poll(() => mux.lines("env")).toContain("TERM=xterm-256color");
  const lines = await mux.lines("env");
  expect(lines).toContain("MY_OWN=stays");
  expect(lines).toContain("HEARTH_MUX=env");
  expect(lines.join("\n")).not.toMatch(/stored-secret|TMUX/);
  expect((await stat(muxDir(mux))).mode & 0o777).toBe(0o700);
  for (const file of await readdir(muxDir(mux))) {
    expect([file, (await stat(join(muxDir(mux), file))).mode & 0o777]).toEqual([file, 0o600]);
  }
});

test("the end of a session leaves nothing of it, also where it is asked for by force or of a stopped host", async () => {
  const mux = await newMux();
  for (const name of ["asked", "forced", "stopped"])
    await mux.start(name, "sh", "-c", "trap '' TERM HUP; sleep 1000; sleep 1000");
  const rows = await Promise.all(["asked", "forced", "stopped"].map(mux.listed));
  for (const { pid } of rows) await expect.poll(() => membersOf(pid).length).toBe(2);
  await mux.ok("end", "asked");
  await mux.ok("end", "--force", "forced");
  process.kill(rows[2]?.hostPid ?? 0, "SIGSTOP");
  await mux.ok("end", "--force", "stopped");
  for (const { pid } of rows) expect(membersOf(pid)).toEqual([]);
  for (const { hostPid } of rows) await expect.poll(() => isAlive(hostPid)).toBe(false);
  expect(await mux.ok("list")).toMatch(/^asked +exited, SIGKILL/m);
});

test("a data folder whose path is too long for a socket works all the same", async () => {
  const mux = await newMux();
  mux.place.env.HEARTH_HOME = join(mux.place.home, "d".repeat(60), "e".repeat(60));
  await mux.start("deep", "cat");
  const client = await mux.attach("deep");
  client.type("text");
  await client.waitFor("text");
  expect(programRows(client)[0]).toBe("text");
  await mux.ok("end", "deep");
});

test("a program is found from the folder it starts in", async () => {
  const mux = await newMux();
  await writeFile(join(mux.place.cwd, "run.sh"), "#!/bin/sh\necho found in $(basename $(pwd)); read x\n", {
    mode: 0o755,
  });
  await mux.start("script", "./run.sh");
  await expect.poll(() => mux.lines("script")).toEqual(["found in work"]);
});

test("two starts of one name: one wins, the other is told", async () => {
  const mux = await newMux();
  const outcomes = await Promise.all([1, 2, 3].map(() => mux.run("start", "race", "--", "cat")));
  expect(outcomes.map(({ exitCode }) => exitCode).sort()).toEqual([0, 2, 2]);
});
