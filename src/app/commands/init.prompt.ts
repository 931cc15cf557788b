// What /init asks the model.
export const INIT_PROMPT = `Write an AGENTS.md at the root of this project for coding agents that will work here.
Look first: README, manifests, CI configuration, folder layout, a few representative source and test files.
If an AGENTS.md or CLAUDE.md exists, improve it instead of replacing it.
Keep it under 80 lines: what the project is; how to install, build, test (one test too) and lint, with the exact
commands; how the code is laid out; conventions that a newcomer would get wrong; traps. Only what you saw in the
files, nothing generic.`;
