// Path rules that are the same everywhere: is one inside another, what "~" means, how to show one.
import { isAbsolute, join, relative, sep } from "node:path";

/** True when `path` is `root` or lies below it. Lexical: resolve symlinks first where that matters. */
export function isWithin(root: string, path: string): boolean {
  const way = relative(root, path);
  return way !== ".." && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}

/** A leading `~` or `~/` stands for the home folder; other users' homes (`~name`) are left as they are. */
export function expandHome(path: string, home: string): string {
  if (path === "~") return home;
  return path.startsWith("~/") ? join(home, path.slice(2)) : path;
}

/** What lies in the home folder begins with `~` for a person to read. */
export function abbreviateHome(path: string, home: string): string {
  return path === home || path.startsWith(`${home}/`) ? `~${path.slice(home.length)}` : path;
}

/** How to name `path` to a person working in `root`: relative where it lies inside, `.` for root itself. */
export function displayPath(root: string, path: string): string {
  if (!isAbsolute(path)) return path;
  return isWithin(root, path) ? relative(root, path) || "." : path;
}
