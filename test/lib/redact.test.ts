import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { redact, redactValue } from "../../src/lib/redact.ts";

const filler = (length: number) => "aB3dE5gH7j".repeat(10).slice(0, length);
const pem = [
  "-----BEGIN RSA PRIVATE KEY-----",
  "Proc-Type: 4,ENCRYPTED",
  filler(60),
  "-----END RSA PRIVATE KEY-----",
];

describe("redact", () => {
  it.each([
    ["Anthropic key", `sk-ant-api03-${filler(40)}`],
    ["OpenRouter key", `sk-or-v1-${filler(40)}`],
    ["API key", `sk-proj-${filler(48)}`],
    ["API key", `sk-${filler(48)}`],
    ["Google key", `AIza${filler(35)}`],
    ["GitHub token", `ghp_${filler(36)}`],
    ["GitHub token", `github_pat_${filler(40)}`],
    ["GitLab token", `glpat-${filler(20)}`],
    ["npm token", `npm_${filler(36)}`],
    ["Slack token", `xoxb-123456789012-${filler(20)}`],
    ["Stripe key", `sk_live_${filler(24)}`],
    ["AWS key id", "AKIAIOSFODNN7EXAMPLE"],
    ["JWT", `eyJ${filler(20)}.eyJ${filler(30)}.${filler(40)}`],
    ["private key", pem.join("\n")],
    ["private key", pem.join("\n").replaceAll("\n", "\\n")],
    ["private key", pem.slice(0, 3).join("\n")],
  ])("replaces the %s alone", (kind, secret) => {
    expect(redact(`before "${secret}" after`).text).toMatch(new RegExp(`^before "\\[redacted: ${kind}\\]`));
    expect(redact(secret)).toEqual({ text: `[redacted: ${kind}]`, count: 1 });
  });

  it.each([
    ["aws_secret_access_key = [redacted: AWS secret]", `aws_secret_access_key = ${filler(40)}`],
    ["Authorization: Bearer [redacted: token]", `Authorization: Bearer ${filler(30)}`],
    ["postgres://me:[redacted: password]@db/x", "postgres://me:hunter2@db/x"],
  ])("keeps what is around it: %s", (expected, text) => {
    expect(redact(text)).toEqual({ text: expected, count: 1 });
  });

  it.each([
    "sk-learn-compatible-estimators",
    "the task-list and the risk-assessment-of-everything",
    "https://example.com:8080/a@b",
    "AKIA is a prefix",
    "-----BEGIN CERTIFICATE-----",
    "ghp_short",
    "8f14e45fceea167a5a36dedd4bea2543a2e5d9b1",
  ])("leaves %j as it is", (text) => {
    expect(redact(text)).toEqual({ text, count: 0 });
  });

  it("takes little time for a long text of beginnings", () => {
    const text = "-----BEGIN RSA PRIVATE KEY-----eyJaaaaaaaaaaa.sk-AIza://a:".repeat(2000);
    const start = performance.now();
    redact(text);
    expect(performance.now() - start).toBeLessThan(2000);
  });

  it("property: never throws, and a second time finds nothing", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        expect(redact(redact(text).text).count).toBe(0);
      }),
    );
  });
});

it("redactValue goes through a whole value but for the fields it is told", () => {
  const key = `ghp_${filler(36)}`;
  const value = { a: [key, 1, null], [key]: true, data: key };
  expect(redactValue(value, new Set(["data"]))).toEqual({
    a: ["[redacted: GitHub token]", 1, null],
    [key]: true,
    data: key,
  });
});
