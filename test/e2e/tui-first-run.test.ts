// The first run: a way to a model, a theme, trust; the built program in a pseudo-terminal of 80x24.
import { chmod, mkdir, readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { newPlace, type Place } from "../support/hearth.ts";
import { type TestStub, withStub } from "../support/stub.ts";
import { KEY, startTerminal, type VirtualTerminal } from "../support/terminal.ts";
import { countRows, statusLine } from "./tui-driver.ts";

/** Nothing listens there. */
const NOWHERE = "127.0.0.1:9";

type Start = { place: Place; stub?: TestStub; env?: Record<string, string> };

/** Without any key, and with a PATH on which no agent is. */
function start({ place, stub, env = {} }: Start): VirtualTerminal {
  return startTerminal({
    args: [],
    cwd: place.cwd,
    env: {
      ...place.env,
      PATH: "/usr/bin:/bin",
      OLLAMA_HOST: NOWHERE,
      ...(stub ? { ANTHROPIC_BASE_URL: stub.url } : {}),
      ...env,
    },
    columns: 80,
    rows: 24,
  });
}

async function addProjectSettings(place: Place): Promise<void> {
  await mkdir(join(place.cwd, ".hearth"));
  await writeFile(join(place.cwd, ".hearth", "settings.json"), '{"maxSteps": 3}\n');
}

const homeFile = (place: Place, name: string) => readFile(join(place.env.HEARTH_HOME ?? "", name), "utf8");

function colorOf(terminal: VirtualTerminal, text: string): string | null | undefined {
  return terminal
    .cells()
    .flat()
    .find((run) => run.text.includes(text))?.color;
}

test("three screens: a key, a theme that paints what it will look like, trust; and never again", async () => {
  const place = await newPlace();
  await addProjectSettings(place);
  await using stub = await withStub(["hello back"]);
  const terminal = start({ place, stub });
  await terminal.waitFor("No key was found. Choose one:");
  await terminal.waitFor(`Ollama does not answer on ${NOWHERE}`);
  await terminal.waitFor("none is on your PATH");
  expect(terminal.screen().join("\n")).toMatch(
    /paste a key +Anthropic, OpenAI, Google, OpenRouter\n[^\n]*a model on this machine[^\n]*\n[^\n]*an agent you already use[^\n]*\n[^\n]*the demo +no key/,
  );
  terminal.type(KEY.enter);
  await terminal.waitFor("Paste the key, then Enter (Esc goes back)");
  terminal.type(KEY.paste("sk-ant-secret-1234"));
  await terminal.waitFor("******************");
  terminal.type(KEY.enter);

  await terminal.waitFor(/Choose a theme[\s\S]*Heading[\s\S]*const rows[\s\S]*- return[\s\S]*\+ return/);
  const before = { heading: colorOf(terminal, "Heading"), code: colorOf(terminal, "const ") };
  terminal.type("light");
  await terminal.waitFor(() => colorOf(terminal, "Heading") !== before.heading);
  expect(colorOf(terminal, "const ")).not.toBe(before.code);
  terminal.type(KEY.enter);

  await terminal.waitFor("This directory has settings of its own (.hearth). Trust it?");
  terminal.type("yes");
  await terminal.waitFor("1 of 2");
  terminal.type(KEY.enter);
  await terminal.waitFor((screen) => /claude/.test(statusLine(screen)));
  terminal.type("hello\r");
  await terminal.waitFor("hello back");
  expect(terminal.bytes()).not.toContain("secret-1234");
  expect(countRows(terminal.transcript(), "Choose a theme")).toBe(0);
  expect(JSON.parse(await homeFile(place, "preferences.json"))).toMatchObject({
    theme: "light",
    welcome: "seen",
  });
  expect(await homeFile(place, "trust.json")).toContain("trusted");

  const again = start({ place, stub });
  await again.waitFor((screen) => /claude/.test(statusLine(screen)));
  again.type("/settings maxSteps\r");
  await again.waitFor("maxSteps = 3");
  for (const title of ["No key was found", "Choose a theme", "Trust it?"])
    expect(countRows(again.transcript(), title)).toBe(0);
});

test("each screen is left with Esc; the next start says in one line what is missing, and /setup shows them again", async () => {
  const place = await newPlace();
  await addProjectSettings(place);
  const terminal = start({ place });
  await terminal.waitFor("No key was found");
  terminal.type(KEY.escape);
  await terminal.waitFor("Choose a theme");
  terminal.type(KEY.escape);
  await terminal.waitFor("Trust it?");
  terminal.type(KEY.escape);
  await terminal.waitFor("There is no model yet");
  await expect.poll(() => homeFile(place, "preferences.json").catch(() => "")).toContain("seen");
  expect(await homeFile(place, "trust.json").catch(() => "none")).toBe("none");

  const again = start({ place });
  // Nobody has answered about this directory.
  await again.waitFor("Trust it?");
  expect(countRows(again.transcript(), "No key was found")).toBe(0);
  again.type(KEY.escape);
  await again.waitFor((screen) => !screen.includes("Trust it?"));
  again.type("/setup\r");
  await again.waitFor("No key was found. Choose one:");
});

test("a person with a key is asked nothing, and one who has chosen a theme is not asked for it", async () => {
  const place = await newPlace();
  const terminal = start({ place, env: { ANTHROPIC_API_KEY: "a-key" } });
  await terminal.waitFor((screen) => /idle.*claude/.test(statusLine(screen)));
  expect(terminal.screen().join("\n")).not.toMatch(/Choose|Trust/);
  expect(await homeFile(place, "preferences.json").catch(() => "none")).toBe("none");

  const themed = start({ place, env: { HEARTH_THEME: "light" } });
  await themed.waitFor("No key was found");
  themed.type(KEY.escape);
  await themed.waitFor("There is no model yet");
  expect(countRows(themed.transcript(), "Choose a theme")).toBe(0);
});

test("a model of this machine: Ollama's models are declared and the chosen one answers", async () => {
  const place = await newPlace();
  await using stub = await withStub(["local hello"]);
  const models = ["qwen3-coder:30b", "nomic-embed-text:latest", "llama3.2:latest"];
  const ollama = createServer((request, response) => {
    if (request.url === "/api/tags") {
      response.end(JSON.stringify({ models: models.map((name) => ({ name })) }));
      return;
    }
    response.writeHead(307, { location: `${stub.url}${request.url}` }).end();
  });
  await new Promise<void>((resolve) => ollama.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void ollama.close());
  const { port } = ollama.address() as AddressInfo;
  const terminal = start({ place, env: { OLLAMA_HOST: `127.0.0.1:${port}` } });
  await terminal.waitFor(`Ollama answers on 127.0.0.1:${port} with 2 models`);
  terminal.type(KEY.down);
  terminal.type(KEY.enter);
  await terminal.waitFor(/Which one answers\?[\s\S]*qwen3-coder:30b[\s\S]*llama3\.2:latest/);
  terminal.type(KEY.down);
  terminal.type(KEY.enter);
  await terminal.waitFor("Choose a theme");
  terminal.type(KEY.escape);
  await terminal.waitFor((screen) => /llama3\.2/.test(statusLine(screen)));
  expect(JSON.parse(await homeFile(place, "settings.json"))).toEqual({
    providers: {
      ollama: {
        api: "openai-chat",
        baseUrl: `http://127.0.0.1:${port}/v1`,
        models: ["qwen3-coder:30b", "llama3.2:latest"],
      },
    },
    model: "ollama/llama3.2:latest",
  });
});

test("a slow Ollama holds up nothing: the list is there and can be used", async () => {
  const place = await newPlace();
  const silent = createServer(() => undefined);
  await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    silent.closeAllConnections();
    silent.close();
  });
  const { port } = silent.address() as AddressInfo;
  const terminal = start({ place, env: { OLLAMA_HOST: `127.0.0.1:${port}` } });
  await terminal.waitFor(`looking for Ollama on 127.0.0.1:${port}`);
  terminal.type(KEY.down);
  await terminal.waitFor("Written to");
  await terminal.waitFor(`Ollama does not answer on 127.0.0.1:${port}`);
  // The cursor stays where it was.
  expect(terminal.screen().join("\n")).toContain("Written to");
});

test("an agent on the PATH takes the turns", async () => {
  const place = await newPlace();
  const bin = join(place.home, "bin");
  await mkdir(bin);
  for (const name of ["opencode", "claude"]) {
    await writeFile(join(bin, name), "#!/bin/sh\nexit 1\n");
    await chmod(join(bin, name), 0o755);
  }
  const terminal = start({ place, env: { PATH: `${bin}:/usr/bin:/bin` } });
  await terminal.waitFor("opencode on your PATH");
  terminal.type("agent");
  await terminal.waitFor("claude is here; it also needs: npm install -g");
  terminal.type(KEY.enter);
  await terminal.waitFor("Choose a theme");
  terminal.type(KEY.escape);
  await terminal.waitFor((screen) => /opencode/.test(statusLine(screen)));
  expect(JSON.parse(await homeFile(place, "settings.json"))).toEqual({
    runtimes: { opencode: { command: "opencode", args: ["acp"] } },
    runtime: "opencode",
  });
});
