// The program's own version, for frontends, which do not read the configuration.
import { VERSION } from "../config/version.ts";

export function programVersion(): string {
  return VERSION;
}
