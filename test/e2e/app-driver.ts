// An App as the TUI has it, without the TUI: what a person would do is done through its methods, for scenarios whose
// point is not the screen.
import type { App } from "../../src/app/app.ts";
import type { CreateAppOptions } from "../../src/app/create-app.ts";
import type { ApprovalAnswer, ApprovalRequest } from "../../src/protocol/approval.ts";
import type { AgentEvent } from "../../src/protocol/event.ts";
import { openTestApp } from "../app/test-app.ts";
import type { Place } from "../support/hearth.ts";
import type { TestStub } from "../support/stub.ts";

export type DrivenApp = {
  app: App;
  /** Everything that happened so far. */
  events: AgentEvent[];
  /** What was asked so far. */
  asked: ApprovalRequest[];
  /** Enters a line and resolves when all is settled. */
  run: (text: string) => Promise<void>;
};

/** An interactive App whose person gives `answer` to each question. Closed when the test ends. */
export async function driveApp(
  place: Place,
  stub: TestStub,
  options: Partial<CreateAppOptions> & { answer?: ApprovalAnswer } = {},
): Promise<DrivenApp> {
  const { answer = { outcome: "allow_once" }, ...more } = options;
  const home = place.env.HEARTH_HOME ?? "";
  const person = await openTestApp({ home, cwd: place.cwd }, { stub, ...more });
  const { conversation } = person.app;
  const asked: ApprovalRequest[] = [];
  conversation.subscribe(({ event }) => {
    if (event.type !== "approval_request") return;
    asked.push(event.request);
    void conversation.send({ type: "approve", requestId: event.request.id, ...answer });
  });
  return { app: person.app, events: person.events, asked, run: (text) => person.run(text) };
}
