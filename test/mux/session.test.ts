// A program in a pseudo-terminal of ours, in this process.
import { readdirSync, readFileSync } from "node:fs";
import { expect, onTestFinished, test } from "vitest";
import { openPtySession, type PtySession } from "../../src/mux/session.ts";

const ENV = { PATH: process.env.PATH ?? "", HOME: "/tmp", LANG: "C.UTF-8", PS1: "$ " };

async function start(
  file: string,
  args: readonly string[] = [],
  size = { columns: 80, rows: 24 },
): Promise<PtySession> {
  const session = await openPtySession({ file, args, cwd: "/", env: ENV, ...size });
  onTestFinished(() => session.end({ force: true }).then(() => undefined));
  return session;
}

async function shows(session: PtySession, text: string | RegExp): Promise<void> {
  await expect
    .poll(() => session.screen.transcript().join("\n"), { timeout: 10_000 })
    .toMatch(typeof text === "string" ? new RegExp(text) : text);
}

/** Processes of the terminal's session that still run. */
function left(leader: number): string[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
        const [state, , , session] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
        return Number(session) === leader && state !== "Z";
      } catch {
        return false;
      }
    });
}

test("a program is typed to, answers, and its end is told", async () => {
  const session = await start("sh", ["-c", 'printf "name? "; read name; echo "hello $name"; exit 7']);
  await expect.poll(() => session.state(), { timeout: 10_000 }).toBe("waiting");
  session.write("you\r");
  expect(await session.exited).toEqual({ exitCode: 7, signal: null });
  expect(session.state()).toBe("exited");
  expect(session.screen.transcript()).toEqual(["name? you", "hello you"]);
});

test("a program that is not there is refused", async () => {
  await expect(start("no-such-program")).rejects.toMatchObject({ code: "mux.command" });
});

test("a flood is taken in to its last line, in the memory of a few screens", async () => {
  const session = await start("sh", ["-c", "seq 1 300000; echo the end"]);
  let most = 0;
  session.onOutput(() => {
    most = Math.max(most, session.screen.backlog());
  });
  await session.exited;
  const lines = session.screen.transcript();
  expect(lines.at(-1)).toBe("the end");
  expect(lines.at(-2)).toBe("300000");
  expect(lines.length).toBeGreaterThan(9_000);
  expect(most).toBeLessThan(2 * 1024 * 1024);
});

test("what is no UTF-8 is marked and harms nothing", async () => {
  const session = await start("printf", ["\\377\\376 text \\303( \\033[31mred\\n"]);
  await session.exited;
  expect(session.screen.transcript()).toEqual(["\ufffd\ufffd text \ufffd( red"]);
});

test.for([
  { columns: 200, rows: 50 },
  { columns: 2, rows: 1 },
])("the program learns of a terminal of $columns columns and $rows rows", async (size) => {
  const session = await start("sh", ["-c", "trap 'stty size' WINCH; echo ready; while :; do read x; done"]);
  await shows(session, "ready");
  session.resize(size.columns, size.rows);
  await expect.poll(() => session.screen.size()).toEqual(size);
  const told = `${size.rows} ${size.columns}`;
  await expect.poll(() => session.screen.transcript().join(""), { timeout: 10_000 }).toContain(told);
  session.resize(80, 24);
});

test("the end of it ends every job of its shell, and what ignores the polite signals", async () => {
  const session = await start("bash", ["--norc", "-i"]);
  await shows(session, /\$ *$/);
  session.write(
    "sleep 1000 & nohup sleep 1001 >/dev/null 2>&1 & (trap '' TERM HUP; sleep 1002) & echo started\r",
  );
  await shows(session, /\nstarted/);
  await expect.poll(() => left(session.pid).length).toBeGreaterThan(3);
  await session.end();
  expect(left(session.pid)).toEqual([]);
});

test("a program that ends by itself leaves what asked to be left alone, as a closed window does", async () => {
  const stays = "nohup sh -c 'echo up >/dev/tty; exec sleep 1001' >/dev/null 2>&1 &";
  const session = await start("bash", ["--norc", "-c", `set -m; sleep 1000 & ${stays} read line`]);
  await shows(session, "up");
  session.write("\r");
  await session.exited;
  await expect.poll(() => left(session.pid).length, { timeout: 5_000 }).toBe(1);
  process.kill(Number(left(session.pid)[0]), "SIGKILL");
});

test("a paste is one piece where the program knows of pastes, and cannot end itself", async () => {
  const session = await start("sh", ["-c", "printf '\\033[?2004h'; stty raw -echo; echo ready; cat -v"]);
  await shows(session, "ready");
  session.paste("one\ntwo\x1b[201~three");
  await shows(session, /\^\[\[200~one\^Mtwothree\^\[\[201~/);
});

test("what a program does not read is counted, so that its host can refuse more", async () => {
  const session = await start("sh", ["-c", "stty raw -echo; echo ready; exec sleep 1000"]);
  await shows(session, "ready");
  for (let count = 0; count < 20; count++) session.write("x".repeat(10_000));
  await expect.poll(() => session.unread()).toBeGreaterThan(100_000);
});
