// A big JSON document as the values it is made of: the elements of its list, or of a list in its outermost object, one
// by one, without holding the whole. Knows nothing of what they mean.

/** Lists of an outermost object whose elements come one by one. */
const STREAMED = new Set(["messages", "history"]);

const BYTE = {
  quote: 34,
  backslash: 92,
  open: 123,
  close: 125,
  openList: 91,
  closeList: 93,
  comma: 44,
  colon: 58,
};

/** A piece that is longer than this is left out whole. */
const LONGEST_PIECE = 64 * 1024 * 1024;

/** Elements come as they are; the other fields of an outermost object as one object at the end. */
export class JsonPieces {
  #depth = 0;
  #inText = false;
  #escaped = false;
  /** Depth at which pieces stand: 1 in a list, 1 for fields and 2 for elements of streamed lists in an object. */
  #isList = false;
  #streaming = false;
  #key = "";
  #piece: Buffer[] = [];
  #size = 0;
  #fields: Record<string, unknown> = {};
  #bad = 0;

  /** Pieces that could not be read so far. */
  get bad(): number {
    return this.#bad;
  }

  /** The values that end in `block`. */
  push(block: Buffer): unknown[] {
    const values: unknown[] = [];
    let from = this.#depth > 0 ? 0 : -1;
    for (let at = 0; at < block.length; at++) {
      const byte = block[at] ?? 0;
      if (this.#inText) {
        this.#inside(byte);
        continue;
      }
      if (byte === BYTE.quote) this.#inText = true;
      else if (this.#isBoundary(byte)) {
        this.#keep(block, from, at);
        this.#boundary(byte, values);
        from = at + 1;
      } else if (byte === BYTE.open || byte === BYTE.openList) this.#depth += 1;
      else if (byte === BYTE.close || byte === BYTE.closeList) this.#depth -= 1;
    }
    this.#keep(block, from, block.length);
    return values;
  }

  /** What the outermost object says beside its lists. */
  end(): unknown[] {
    return Object.keys(this.#fields).length > 0 ? [this.#fields] : [];
  }

  #inside(byte: number): void {
    if (this.#escaped) this.#escaped = false;
    else if (byte === BYTE.backslash) this.#escaped = true;
    else if (byte === BYTE.quote) this.#inText = false;
  }

  /** Whether a byte outside of texts ends or begins a piece. */
  #isBoundary(byte: number): boolean {
    const level = this.#streaming ? 2 : 1;
    if (this.#depth === 0) return byte === BYTE.open || byte === BYTE.openList;
    if (this.#depth !== level) return false;
    if (byte === BYTE.comma || byte === BYTE.close || byte === BYTE.closeList) return true;
    if (this.#isList || this.#streaming) return false;
    return byte === BYTE.colon || (byte === BYTE.openList && STREAMED.has(this.#key));
  }

  #boundary(byte: number, values: unknown[]): void {
    const piece = this.#takePiece();
    if (this.#depth === 0) {
      this.#depth = 1;
      this.#isList = byte === BYTE.openList;
    } else if (byte === BYTE.colon) {
      const key = this.#parse(piece);
      this.#key = typeof key === "string" ? key : "";
    } else if (byte === BYTE.openList) {
      this.#streaming = true;
      this.#depth = 2;
    } else {
      this.#endPiece(piece, values);
      if (byte === BYTE.comma) return;
      this.#depth -= 1;
      if (!this.#streaming) return;
      this.#streaming = false;
      this.#key = "";
    }
  }

  #endPiece(piece: Buffer | null, values: unknown[]): void {
    const value = this.#parse(piece);
    if (value === undefined) return;
    if (this.#isList || this.#streaming) values.push(value);
    else if (this.#key !== "") this.#fields[this.#key] = value;
    if (!this.#streaming) this.#key = "";
  }

  #keep(block: Buffer, from: number, to: number): void {
    if (from < 0 || to <= from) return;
    this.#size += to - from;
    if (this.#size <= LONGEST_PIECE) this.#piece.push(Buffer.from(block.subarray(from, to)));
    else this.#piece = [];
  }

  /** null: too long to be held. */
  #takePiece(): Buffer | null {
    const piece = this.#size <= LONGEST_PIECE ? Buffer.concat(this.#piece) : null;
    this.#piece = [];
    this.#size = 0;
    return piece;
  }

  #parse(piece: Buffer | null): unknown {
    const text = piece?.toString("utf8").trim() ?? "";
    if (text === "" && piece !== null) return undefined;
    try {
      return JSON.parse(text);
    } catch {
      this.#bad += 1; // Counted: the caller tells the person.
      return undefined;
    }
  }
}
