// Images in the transcript. A row holds only a mark that takes no column, so that Ink lays it out like any text; the
// mark becomes the image in the bytes on their way to the terminal, once.
import type { ImageSize } from "../../lib/image-size.ts";
import type { ImageContent } from "../../protocol/content.ts";
import { fitImage, type ImageBox, USUAL_CELL } from "./image-box.ts";
import { type ImageProtocol, imageProtocol } from "./image-protocol.ts";
import { pictureSize } from "./picture.ts";

export type InlineImagesOptions = {
  env: Readonly<Record<string, string | undefined>>;
  /** Of the window, in cells. */
  size: () => { columns: number; rows: number };
  /** An image that was waited for can be shown, or never will be. */
  onReady: () => void;
};

type Prepared = { box: ImageBox; sequence: string };

/** Larger files (in characters of base64) would hold the terminal up. */
const MOST_DATA = 4 * 1024 * 1024;

/** An OSC that no terminal knows: should one ever get out, nothing is seen. Untrusted text has none, it is sanitised. */
const MARK = /\x1b\]7717;(\d+)\x1b\\/g;

export class InlineImages {
  readonly #options: InlineImagesOptions;
  readonly #prepared = new WeakMap<ImageContent, Prepared | "waiting" | "named">();
  /** What the marks that are on their way stand for. */
  readonly #marks = new Map<number, Prepared>();
  #protocol: ImageProtocol | "ask" | null;
  #cell = USUAL_CELL;
  #nextMark = 0;

  constructor(options: InlineImagesOptions) {
    this.#options = options;
    this.#protocol = imageProtocol(options.env);
  }

  /** True while only the terminal itself can tell what it shows. */
  asks(): boolean {
    return this.#protocol === "ask";
  }

  /** The terminal's own word, where its environment did not tell. */
  use(protocol: ImageProtocol, cell: ImageSize): void {
    if (this.asks()) this.#protocol = protocol;
    this.#cell = cell;
  }

  /** False while the image is being prepared; starts that. `columns`: what there is room for. */
  ready(image: ImageContent, columns: number): boolean {
    const known = this.#prepared.get(image) ?? this.#prepare(image, columns);
    return known !== "waiting";
  }

  /** Rows that the image takes, the first one with its mark; none for an image that is only named. */
  rows(image: ImageContent, columns: number): string[] {
    const prepared = this.#prepared.get(image);
    if (typeof prepared !== "object" || prepared.box.columns > columns) return [];
    const mark = this.#nextMark++;
    this.#marks.set(mark, prepared);
    return [`\x1b]7717;${mark}\x1b\\`, ...Array.from({ length: prepared.box.rows - 1 }, () => "")];
  }

  /** The bytes with the images in place of their marks. */
  fill(data: string): string {
    if (!data.includes("\x1b]7717;")) return data;
    return data.replace(MARK, (_, id: string) => {
      const prepared = this.#marks.get(Number(id));
      this.#marks.delete(Number(id));
      return prepared && this.#fits(prepared.box) ? drawInPlace(prepared) : "";
    });
  }

  /** A window that became lower than the image cannot be drawn into by going up. */
  #fits(box: ImageBox): boolean {
    return box.rows + 2 < this.#options.size().rows;
  }

  #prepare(image: ImageContent, columns: number): "waiting" | "named" {
    const size = image.data.length > MOST_DATA ? null : pictureSize(image);
    const protocol = this.#protocol === "ask" ? null : this.#protocol;
    const windowRows = this.#options.size().rows;
    const box = size && fitImage(size, { cell: this.#cell, columns, windowRows });
    const state = protocol === null || box === null ? "named" : "waiting";
    this.#prepared.set(image, state);
    if (protocol !== null && box !== null) void this.#encode(image, protocol, box);
    return state;
  }

  async #encode(image: ImageContent, protocol: ImageProtocol, box: ImageBox): Promise<void> {
    let sequence: string | null = null;
    try {
      const { encodeImage } = await import("./encode-image.ts");
      sequence = await encodeImage(image, { protocol, box, cell: this.#cell });
    } catch {
      // A broken file, or one of a kind that the decoder does not know: it is named instead.
    }
    this.#prepared.set(image, sequence === null ? "named" : { box, sequence });
    this.#options.onReady();
  }
}

/**
 * First makes the rows below (IND keeps the column, and scrolls at the last row) and goes back up: the image then never
 * scrolls by itself, of which each terminal has its own idea. Wherever it leaves the cursor, that is put back (DECRC).
 */
function drawInPlace({ box, sequence }: Prepared): string {
  return `${"\x1bD".repeat(box.rows)}\x1b[${box.rows}A\x1b7${sequence}\x1b8`;
}
