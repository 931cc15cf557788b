// Checks what an ACP agent sends against the JSON schema that the protocol's own library ships.
import { readFileSync } from "node:fs";
import { Ajv } from "@modelcontextprotocol/client/validators/ajv";

type Definition = { "x-method"?: string; "x-side"?: string };
type Schema = { $defs: Record<string, Definition> };

const read = (name: string): Schema =>
  JSON.parse(
    readFileSync(new URL(import.meta.resolve(`@agentclientprotocol/sdk/schema/v1/${name}`)), "utf8"),
  );
const STABLE = read("schema.json");
const UNSTABLE = read("schema.unstable.json");

type Line = { id?: unknown; method?: string; params?: unknown; result?: unknown; error?: unknown };
type Check = (value: unknown) => string | null;

const checks = new Map<string, Check>();

/** Of the stable protocol where that has the method, else of the draft. null: neither knows it. */
function checkOf(method: string, kind: "Request" | "Response" | "Notification"): Check | null {
  const key = `${method} ${kind}`;
  const known = checks.get(key);
  if (known) return known;
  for (const schema of [STABLE, UNSTABLE]) {
    const found = Object.entries(schema.$defs).find(
      ([name, definition]) => definition["x-method"] === method && name.endsWith(kind),
    );
    if (!found) continue;
    const ajv = new Ajv({ strict: false, validateFormats: false });
    const isValid = ajv.compile({ $defs: schema.$defs, $ref: `#/$defs/${found[0]}` });
    const check: Check = (value) => (isValid(value) ? null : ajv.errorsText(isValid.errors));
    checks.set(key, check);
    return check;
  }
  return null;
}

/** What is wrong with a line of the agent; `asked` gives the method of a request that the client made. */
export function schemaProblem(text: string, asked: (id: unknown) => string | undefined): string | null {
  const line: Line & { jsonrpc?: string } = JSON.parse(text);
  if (line.jsonrpc !== "2.0") return `no JSON-RPC: ${text}`;
  if (line.error !== undefined) return errorProblem(line.error);
  const isResponse = line.method === undefined;
  const method = line.method ?? asked(line.id);
  if (method === undefined) return `an answer to nothing: ${text}`;
  // The protocol's extensions have no schema.
  if (method.startsWith("_") || method.startsWith("$/")) return null;
  const kind = isResponse ? "Response" : line.id === undefined ? "Notification" : "Request";
  const check = checkOf(method, kind);
  if (!check) return `the schema knows no ${method} ${kind}`;
  const problem = check(isResponse ? line.result : line.params);
  return problem === null ? null : `${method} ${kind}: ${problem}\n${text.slice(0, 2_000)}`;
}

function errorProblem(error: unknown): string | null {
  const { code, message } = error as { code?: unknown; message?: unknown };
  return Number.isInteger(code) && typeof message === "string" && message !== ""
    ? null
    : `no error: ${JSON.stringify(error)}`;
}
