// Asks a stub the same thing over each wire API with plain fetch, and reads text and bytes of what comes back.
import type { WireApi } from "../../../src/protocol/model.ts";

export const WIRE_APIS: readonly WireApi[] = [
  "anthropic-messages",
  "openai-responses",
  "openai-chat",
  "google-generative",
];

export type Asked = {
  prompt?: string;
  stream?: boolean;
  signal?: AbortSignal;
  headers?: Record<string, string>;
};

export function ask(url: string, api: WireApi, asked: Asked = {}): Promise<Response> {
  const { prompt = "hi", stream = true, signal, headers } = asked;
  const [path, body] = requestFor(api, prompt, stream);
  return fetch(url + path, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify(body),
    ...(signal ? { signal } : {}),
  });
}

function requestFor(api: WireApi, prompt: string, stream: boolean): [path: string, body: object] {
  const messages = [{ role: "user", content: prompt }];
  switch (api) {
    case "anthropic-messages":
      return ["/v1/messages", { model: "m", max_tokens: 9, messages, stream }];
    case "openai-responses":
      return ["/v1/responses", { model: "m", input: prompt, stream }];
    case "openai-chat":
      return [
        "/v1/chat/completions",
        { model: "m", messages, stream, stream_options: { include_usage: true } },
      ];
    case "google-generative": {
      const verb = stream ? "streamGenerateContent?alt=sse" : "generateContent";
      return [`/v1beta/models/m:${verb}`, { contents: [{ role: "user", parts: [{ text: prompt }] }] }];
    }
  }
}

/** The body up to its end, or up to where the connection broke. */
export async function readUntilBroken(response: Response): Promise<{ bytes: Buffer; broken: boolean }> {
  const chunks: Uint8Array[] = [];
  try {
    for await (const chunk of response.body ?? []) chunks.push(chunk);
    return { bytes: Buffer.concat(chunks), broken: false };
  } catch {
    return { bytes: Buffer.concat(chunks), broken: true };
  }
}

/** The data lines of an SSE text that hold whole JSON. */
export function sseData(text: string): unknown[] {
  return text.split("\n").flatMap((line) => {
    if (!line.startsWith("data: {")) return [];
    try {
      return [JSON.parse(line.slice(6))];
    } catch {
      return [];
    }
  });
}
