// Paths as a person in the working directory writes them.
import { isAbsolute, relative } from "node:path";

/** Relative to `cwd` where the path is inside it; as it is otherwise. */
export function insidePath(path: string, cwd: string): string {
  if (!isAbsolute(path)) return path;
  const inside = relative(cwd, path);
  return inside === "" || inside.startsWith("..") || isAbsolute(inside) ? path : inside;
}
