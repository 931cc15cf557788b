// The program's own version, for frontends.
export { VERSION } from "../config/version.ts";
