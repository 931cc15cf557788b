// The program's version, put in by the build; "dev" when run from source.
declare const HEARTH_VERSION: string | undefined;

export const VERSION: string = typeof HEARTH_VERSION === "string" ? HEARTH_VERSION : "dev";
