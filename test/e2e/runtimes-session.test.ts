// What a conversation with an external agent goes through beside its turns: steering, switches, rewind, fork, hostile
// words; the built program with a scripted agent as a real process.
import { expect, test } from "vitest";
import { runHearth } from "../support/hearth.ts";
import { startProgram } from "../support/program.ts";
import { KEY } from "../support/terminal.ts";
import {
  type AgentPlace,
  agentsGone,
  askToRun,
  newAgentPlace,
  openWithAgent,
  say,
  update,
} from "./external-agent.ts";
import { openCalls, sessionFiles, sessionLines, strayResults, toolAnswers } from "./scripted.ts";
import { elapse, openTui } from "./tui-driver.ts";

const RESUMABLE = { agentCapabilities: { loadSession: true } };

test("the agent chosen from the list takes the next turn", async () => {
  const agents = await newAgentPlace({ turns: [[say("from codex")]] });
  const tui = await openTui([], { place: agents.place });
  tui.enter("/runtime");
  await tui.waitFor(/native[\s\S]*codex/);
  tui.type("codex");
  await tui.waitFor("1 of 7");
  tui.type(KEY.enter);
  await tui.waitFor("codex takes over");
  tui.enter("who are you?");
  await tui.waitFor("from codex");
});

test("the runtime cannot change while the agent works, and the turn goes on", async () => {
  const agents = await newAgentPlace({
    turns: [[say("half"), { do: "wait", ms: 1_500 }, say(" and whole")]],
  });
  const tui = await openWithAgent(agents);
  tui.enter("go");
  await tui.waitFor("half");
  tui.enter("/runtime deactivate");
  await tui.waitFor("the runtime cannot change now");
  await tui.waitFor("half and whole");
});

test("Enter while the agent works steers it with the next prompt, and the person is told; Alt+Enter is a run of its own", async () => {
  const agents = await newAgentPlace({
    turns: [[say("working"), { do: "wait", ms: 1_500 }], [say("steered")], [say("followed")]],
  });
  const tui = await openWithAgent(agents);
  tui.enter("go");
  await tui.waitFor("working");
  tui.type(`and then this${KEY.altEnter}`);
  tui.enter("rather that");
  await tui.waitFor("codex takes steering once its own turn is over");
  await tui.waitFor(/steered[\s\S]*followed/);
  expect(agents.agent.prompts()).toEqual([["go"], ["rather that"], ["and then this"]]);
});

test("steer now cuts the agent's turn short and goes at once", async () => {
  const agents = await newAgentPlace({ turns: [[say("working"), { do: "wait" }], [say("steered")]] });
  const tui = await openWithAgent(agents);
  tui.enter("go");
  await tui.waitFor("working");
  tui.type(`rather that${KEY.ctrl("s")}`);
  await tui.waitFor("steered");
  expect(agents.agent.told("session/cancel")).toHaveLength(1);
  expect(agents.agent.told("start")).toHaveLength(1);
});

test("after an agent's calls, allowed, refused and cut short, the model gets a valid history with their results", async () => {
  const agents = await newAgentPlace({
    turns: [
      [askToRun("npm test", "tested ok", "call-1"), askToRun("rm -rf build", "gone", "call-2")],
      [
        update("tool_call", {
          toolCallId: "call-3",
          title: "sleep",
          kind: "execute",
          status: "in_progress",
          rawInput: { command: "sleep 9" },
        }),
        { do: "wait" },
      ],
    ],
  });
  const settings = ["--allow", "bash(npm test)", "--deny", "bash(rm *)"];
  const tui = await openWithAgent(agents, ["from the model"], { args: settings });
  tui.enter("go");
  await tui.waitFor("I was not allowed.");
  await tui.waitForStatus("idle");
  tui.enter("sleep");
  await tui.waitForStatus("running bash");
  tui.type(KEY.escape);
  await tui.waitForStatus("idle");
  tui.enter("/runtime deactivate");
  await tui.waitFor("native takes the next turn");
  tui.enter("what happened?");
  await tui.waitFor("from the model");
  const [request] = tui.stub.requests;
  expect(openCalls(request)).toEqual([]);
  expect(strayResults(request)).toEqual([]);
  expect(request && toolAnswers(request)).toMatchObject([
    { id: "call-1", text: "tested ok", isError: false },
    { id: "call-2", isError: true },
    { id: "call-3", isError: true },
  ]);
});

test("after /rewind the agent does not go on with its own session, which holds more", async () => {
  const agents = await newAgentPlace({
    turns: [[say("first answer")], [say("second answer")]],
    initialized: RESUMABLE,
    knows: { "external-1": "" },
  });
  const tui = await openWithAgent(agents);
  tui.enter("first question");
  await tui.waitFor("first answer");
  await tui.waitForStatus("idle");
  tui.enter("second question");
  await tui.waitFor("second answer");
  await tui.waitForStatus("idle");
  agents.agent.rescript({
    turns: [[say("third answer")]],
    initialized: RESUMABLE,
    knows: { "external-1": "" },
    sessionId: "external-2",
  });
  tui.enter("/rewind 1");
  await tui.waitFor("Only the conversation went back");
  tui.enter("third question");
  await tui.waitFor("third answer");
  const told = (agents.agent.prompts().at(-1) ?? []).join("\n");
  expect(told).toMatch(/first question[\s\S]*first answer[\s\S]*third question/);
  expect(told).not.toContain("second");
});

test("a fork gets a session of its own with the agent", async () => {
  const script = { initialized: RESUMABLE, knows: { "external-1": "" } };
  const agents = await newAgentPlace({ ...script, turns: [[say("first answer")]] });
  await runHearth(agents.place, ["-p", "first question", "--runtime", "codex"]);
  agents.agent.rescript({ ...script, turns: [[say("other answer")]], sessionId: "external-2" });
  const fork = await runHearth(agents.place, ["-p", "other question", "--runtime", "codex", "--fork"]);
  expect(fork).toMatchObject({ stdout: "other answer\n", exitCode: 0 });
  expect((agents.agent.prompts().at(-1) ?? []).join("\n")).toMatch(/first answer[\s\S]*other question/);
});

test("escape sequences in the agent's words, titles and output do not reach the terminal", async () => {
  const evil = "\x1b]0;owned\x07\x1b[2J\x1b[31mred";
  const toolCallId = "call-1";
  const agents = await newAgentPlace({
    turns: [
      [
        say(`hello ${evil}`),
        update("tool_call", { toolCallId, title: `title ${evil}`, kind: "other", status: "in_progress" }),
        update("tool_call_update", {
          toolCallId,
          status: "failed",
          content: [{ type: "content", content: { type: "text", text: `output ${evil}` } }],
        }),
        askToRun(`echo ${evil}`, "ran", "call-2"),
        say("The end."),
      ],
    ],
  });
  const tui = await openWithAgent(agents);
  tui.enter("go");
  await tui.waitFor("wants to run");
  tui.type("y");
  await tui.waitFor("The end.");
  expect(tui.title()).not.toContain("owned");
  expect(tui.bytes()).not.toContain("\x1b]0;owned");
  expect(tui.bytes()).not.toContain("\x1b[31mred");
});

test("lines of the agent's program that are no protocol are passed over", async () => {
  const agents = await newAgentPlace({ turns: [[say("from codex")]] });
  const words = [agents.agent.command, ...agents.agent.args].map((word) => `'${word}'`).join(" ");
  const noisy = await newAgentPlace(
    { turns: [] },
    {
      codex: {
        command: "sh",
        args: ["-c", `echo 'Loading plugins...'; echo '{"level":"info"}'; exec ${words}`],
      },
    },
  );
  const { stdout, stderr, exitCode } = await runHearth(noisy.place, ["-p", "go", "--runtime", "codex"]);
  expect({ stdout, exitCode }).toEqual({ stdout: "from codex\n", exitCode: 0 });
  expect(stderr).not.toContain("Loading");
});

test("Ctrl+C twice while the agent asks leaves, and nothing of the agent is left", async () => {
  const agents = await newAgentPlace({ turns: [[askToRun("npm test", "tested ok")]] });
  const tui = await openWithAgent(agents);
  tui.enter("go");
  await tui.waitFor("bash wants to run");
  tui.type(KEY.ctrl("c"));
  await tui.waitFor("Ctrl+C again leaves");
  tui.type(KEY.ctrl("c"));
  await tui.exited;
  await agentsGone(agents);
});

test("/compact with an agent that has no such thing says so", async () => {
  const agents = await newAgentPlace({ turns: [[say("first answer")], [say("second answer")]] });
  const tui = await openWithAgent(agents);
  tui.enter("first question");
  await tui.waitFor("first answer");
  await tui.waitForStatus("idle");
  tui.enter("/compact");
  await tui.waitFor("This runtime keeps its own context.");
  tui.enter("second question");
  await tui.waitFor("second answer");
});

test("leaving while the agent starts ends it, and the session still belongs to it", async () => {
  const agents = await newAgentPlace({ turns: [], start: "hang" });
  const tui = await openWithAgent(agents);
  tui.enter("go");
  await waitForStart(agents);
  tui.type(KEY.ctrl("c"));
  await tui.waitFor("Ctrl+C again leaves");
  tui.type(KEY.ctrl("c"));
  await tui.exited;
  await agentsGone(agents);
  const files = await Promise.all((await sessionFiles(agents.place)).map(sessionLines));
  expect(files.flat().filter(({ code }) => code === "runtime.fallback")).toEqual([]);
});

test("one-shot: SIGINT while the agent starts ends both", async () => {
  const agents = await newAgentPlace({ turns: [], start: "hang" });
  const program = startProgram(agents.place, ["-p", "go", "--runtime", "codex"]);
  program.endInput();
  await waitForStart(agents);
  program.kill("SIGINT");
  expect(await program.exited).not.toBe(0);
  await agentsGone(agents);
});

async function waitForStart(agents: AgentPlace): Promise<void> {
  while (agents.agent.told("start").length === 0) await elapse(20);
}
