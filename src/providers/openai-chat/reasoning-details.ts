// ReasoningDetails: OpenRouter's list of thought blocks, put together from its pieces so that it can be sent back whole.
// https://openrouter.ai/docs/use-cases/reasoning-tokens
import { numberField, textField, type WireObject } from "../wire-fields.ts";

/** Fields whose pieces are joined; of every other field the newest value stays. */
const JOINED = ["text", "summary", "data"] as const;

export class ReasoningDetails {
  readonly #details: Record<string, unknown>[] = [];

  add(pieces: readonly WireObject[]): void {
    for (const piece of pieces) this.#addOne(piece);
  }

  /** What a person may read of the pieces; encrypted ones have none. */
  textOf(pieces: readonly WireObject[]): string {
    return pieces.map((piece) => textField(piece, "text") + textField(piece, "summary")).join("");
  }

  /** The list as JSON; undefined when there is none. */
  signature(): string | undefined {
    return this.#details.length === 0 ? undefined : JSON.stringify(this.#details);
  }

  #addOne(piece: WireObject): void {
    const index = numberField(piece, "index");
    const known = this.#details.find(
      (detail) => index !== undefined && detail.index === index && detail.type === piece.type,
    );
    if (known === undefined) {
      this.#details.push({ ...piece });
      return;
    }
    const joined = JOINED.filter((key) => textField(piece, key) !== "").map((key) => [
      key,
      textField(known, key) + textField(piece, key),
    ]);
    const newest = Object.entries(piece).filter(([, value]) => value !== null);
    Object.assign(known, Object.fromEntries(newest), Object.fromEntries(joined));
  }
}
