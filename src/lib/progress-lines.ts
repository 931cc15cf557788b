// What a terminal would leave of lines that are drawn over themselves: progress bars collapse to their last state.

/** Line ends, returns to the start, and the control sequences (ECMA-48) that progress displays go back and erase with. */
const MOVES = /\r|\n|\x1b\[(\d*)([A-GJK])/g;
const MAY_MOVE = /\r|\x1b\[\d*[A-GJK]/;

/**
 * Each line keeps what was written over it last. A return at the very end stays, so that a text that grows can be
 * collapsed again and again. What is written from the middle of a line on (sequences other than to its start) is
 * taken as more of it.
 */
export function collapseProgress(text: string): string {
  if (!MAY_MOVE.test(text)) return text;
  const page = new Page();
  let from = 0;
  for (const move of text.matchAll(MOVES)) {
    page.write(text.slice(from, move.index));
    page.move(move[0], move[1] ?? "", move[2] ?? "");
    from = move.index + move[0].length;
  }
  page.write(text.slice(from));
  return page.text();
}

class Page {
  readonly #rows: string[] = [""];
  #row = 0;
  /** The cursor is at the start of its row: what comes replaces what stands there. */
  #atStart = false;

  write(text: string): void {
    if (text === "") return;
    this.#rows[this.#row] = this.#atStart ? text : (this.#rows[this.#row] ?? "") + text;
    this.#atStart = false;
  }

  move(all: string, parameter: string, final: string): void {
    if (all === "\n") this.#go(1);
    else if (all === "\r") this.#atStart = true;
    else this.#control(final, parameter);
  }

  text(): string {
    return (
      this.#rows.join("\n") +
      (this.#atStart && this.#row === this.#rows.length - 1 && this.#current() !== "" ? "\r" : "")
    );
  }

  #control(final: string, parameter: string): void {
    const count = Math.max(1, Number(parameter));
    switch (final) {
      case "A":
      case "F":
        this.#go(-count);
        break;
      case "B":
      case "E":
        this.#go(count);
        break;
      case "G":
        this.#atStart ||= count === 1;
        break;
      case "J":
        if (Number(parameter) === 0) this.#rows.length = this.#row + 1;
        break;
      case "K":
        if (this.#atStart || Number(parameter) === 2) this.#rows[this.#row] = "";
        break;
    }
  }

  #go(rows: number): void {
    this.#row = Math.max(0, this.#row + rows);
    while (this.#rows.length <= this.#row) this.#rows.push("");
    this.#atStart = true;
  }

  #current(): string {
    return this.#rows[this.#row] ?? "";
  }
}
