import { expect, test } from "vitest";
import { childEnvironment } from "../../src/sandbox/child-env.ts";

const env = {
  PATH: "/bin",
  HOME: "/home/x",
  LC_ALL: "C",
  GOPATH: "/go",
  SECRET_X: "1",
  GITHUB_TOKEN: "t",
  AWS_REGION: "eu",
  AWS_SECRET_ACCESS_KEY: "s",
  ANTHROPIC_API_KEY: "sk-1",
  OPENAI_API_KEY: "sk-2",
  ANTHROPIC_AUTH_TOKEN: "t",
  MY_ENDPOINT: "k",
  RANDOM_NAME: "r",
};

test("A-059: what programs need passes, secrets and unknown names do not", () => {
  expect(childEnvironment(env, [])).toEqual({ PATH: "/bin", HOME: "/home/x", LC_ALL: "C", GOPATH: "/go" });
});

test("A-060: an allowed name passes though it looks like a secret; a provider's key never does", () => {
  const result = childEnvironment(env, [
    "SECRET_X",
    "GITHUB_TOKEN",
    "ANTHROPIC_API_KEY",
    "ANTHROPIC_AUTH_TOKEN",
  ]);
  expect(result).toMatchObject({ SECRET_X: "1", GITHUB_TOKEN: "t" });
  expect(Object.keys(result).filter((name) => name.startsWith("ANTHROPIC"))).toEqual([]);
});

test("A-060: a pattern lets names through, but nothing that looks like a secret", () => {
  const all = childEnvironment(env, ["*"]);
  expect(Object.keys(all).sort()).toEqual([
    "AWS_REGION",
    "GOPATH",
    "HOME",
    "LC_ALL",
    "MY_ENDPOINT",
    "PATH",
    "RANDOM_NAME",
  ]);
});

test("the key of an endpoint declared in settings never passes, whatever its name", () => {
  expect(childEnvironment(env, ["MY_ENDPOINT"], ["MY_ENDPOINT"])).not.toHaveProperty("MY_ENDPOINT");
});
