// The model and the thinking level of a Codex thread: what may be chosen, what is, and what the next turn must be told.
import type { ChoiceCategory } from "../runtime.ts";
import type { ModelInfo } from "./wire.ts";

export type Choice = { current: string | null; values: readonly string[] };

export class Choices {
  #models: readonly ModelInfo[] = [];
  #model: string | null = null;
  #effort: string | null = null;
  /** Chosen here and not told yet. */
  #news: { model: string | null; effort: string | null } = { model: null, effort: null };

  get model(): string | null {
    return this.#model;
  }

  get effort(): string | null {
    return this.#effort;
  }

  /** True while nothing says that the model takes none. */
  get images(): boolean {
    return this.#info()?.images ?? true;
  }

  offers(models: readonly ModelInfo[]): void {
    this.#models = models;
  }

  /** What Codex says it uses; a choice that it was not told of yet stays. */
  uses(model: string | null, effort: string | null): void {
    this.#model = this.#news.model ?? model ?? this.#model;
    this.#effort = this.#news.effort ?? effort;
  }

  of(category: ChoiceCategory): Choice | null {
    if (category === "model") return this.#modelChoice();
    const { efforts = [], defaultEffort = null } = this.#info() ?? {};
    return efforts.length === 0 ? null : { current: this.#effort ?? defaultEffort, values: efforts };
  }

  /** A model of the person's own provider is none of those that Codex lists. */
  #modelChoice(): Choice | null {
    if (this.#models.length === 0) return null;
    const listed = this.#models.map(({ model }) => model);
    const values = this.#model === null || listed.includes(this.#model) ? listed : [this.#model, ...listed];
    return { current: this.#model, values };
  }

  /** A thinking level that the new model does not have goes back to its own. */
  choose(category: ChoiceCategory, value: string): void {
    if (category === "thought_level") {
      this.#effort = value;
      this.#news.effort = value;
      return;
    }
    this.#model = value;
    this.#news.model = value;
    const { efforts = [], defaultEffort = null } = this.#info() ?? {};
    if (this.#effort === null || efforts.length === 0 || efforts.includes(this.#effort)) return;
    this.#effort = defaultEffort;
    this.#news.effort = defaultEffort;
  }

  /** For the turn that begins: what was chosen since the one before. */
  takeNews(): { model: string | null; effort: string | null } {
    const news = this.#news;
    this.#news = { model: null, effort: null };
    return news;
  }

  #info(): ModelInfo | undefined {
    return this.#models.find(({ model }) => model === this.#model);
  }
}
