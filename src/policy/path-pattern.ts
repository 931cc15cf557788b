// Matches the pattern of a file rule against a path, in the manner of .gitignore. Pure.
import { posix } from "node:path";
import { escapeExpression } from "./word-pattern.ts";

export type PathBase = { root: string; home: string };

/** The absolute path of one as written; `~` is the home. Symlinks are not followed. */
export function absolutePath(path: string, base: PathBase): string {
  if (path === "~" || path.startsWith("~/")) return posix.join(base.home, path.slice(1));
  return posix.resolve(base.root, path);
}

/** True when `path` is `folder` or lies in it. Both absolute. */
export function isWithin(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder.endsWith("/") ? folder : `${folder}/`);
}

/**
 * `*` stops at a slash, `**` does not, `\` makes the next character plain. A pattern with a slash is relative to
 * the workspace (`~/`, `/`: home, root of the disk); one without matches a name at any depth. What matches a
 * folder matches all in it.
 */
export function matchesPath(pattern: string, path: string, base: PathBase): boolean {
  return pathExpression(pattern, base).test(path);
}

function pathExpression(pattern: string, base: PathBase): RegExp {
  const clean = pattern.replace(/(.)\/+$/, "$1");
  if (!clean.includes("/") && clean !== "~") return new RegExp(`/${globExpression(clean)}(?:/|$)`);
  return new RegExp(`^${anchored(clean, base)}(?:/|$)`);
}

function anchored(pattern: string, base: PathBase): string {
  if (pattern === "~" || pattern.startsWith("~/"))
    return escapeExpression(base.home) + globExpression(pattern.slice(1));
  if (pattern.startsWith("/")) return globExpression(pattern);
  return `${escapeExpression(base.root)}/${globExpression(pattern.replace(/^(?:\.\/)+/, ""))}`;
}

function globExpression(pattern: string): string {
  const pieces = pattern.replace(/\/\*\*$/, "").matchAll(/\\[\s\S]|\*\*\/|\*\*|[\s\S]/g);
  return Array.from(pieces, ([piece]) => {
    if (piece === "**/") return "(?:[^/]+/)*";
    if (piece === "**") return ".*";
    if (piece === "*") return "[^/]*";
    if (piece === "?") return "[^/]";
    return escapeExpression(piece.length > 1 ? piece.slice(1) : piece);
  }).join("");
}

/** `path` (absolute) as a pattern that matches it alone, relative where it lies in the workspace. */
export function exactPathPattern(path: string, base: PathBase): string {
  const plain = (text: string) => text.replace(/[*?\\]/g, "\\$&");
  if (path !== base.root && isWithin(path, base.root)) return `./${plain(posix.relative(base.root, path))}`;
  return plain(path);
}
