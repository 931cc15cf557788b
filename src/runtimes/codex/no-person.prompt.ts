// What Codex's model reads as the answer to a question that it asked by a tool.

export const NO_PERSON =
  "The person cannot answer here. Write your questions as plain text, then end your turn: the answer comes as the next message.";
