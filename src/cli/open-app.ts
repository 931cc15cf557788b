// From flags to an App: the working directory, the session wished for, images. Shared by TUI and one-shot mode.
import { opendir, readFile, realpath } from "node:fs/promises";
import { extname, resolve } from "node:path";
import type { App } from "../app/app.ts";
import type { CreateAppOptions } from "../app/create-app.ts";
import type { SessionWish } from "../app/session-wish.ts";
import { processEnvironment } from "../config/env.ts";
import { AppError } from "../lib/app-error.ts";
import { isErrorCode } from "../lib/error-code.ts";
import type { ImageContent } from "../protocol/content.ts";
import { type ChatOptions, checkPlacement, checkSessionFlags, settingsOfFlags } from "./options.ts";

/** `interactive`: somebody can be asked; `picker`: on a screen (default: where somebody can be asked). */
export type OpenOptions = { interactive: boolean; picker?: boolean; demo?: boolean };

/** Throws AppErrors of usage before anything is created. */
export async function openApp(
  options: ChatOptions,
  { interactive, picker = interactive, demo }: OpenOptions,
): Promise<App> {
  checkSessionFlags(options);
  checkPlacement(options);
  const cwd = await workingDirectory(options.cwd);
  const { createApp } = await import("../app/create-app.ts");
  return createApp({
    ...(await appOptions(options, cwd)),
    demo: demo ?? options.demo === true,
    interactive,
    views: picker,
    session: sessionWish(options, picker),
    ...(options.name === undefined ? {} : { name: options.name }),
    ...(options.trial === undefined ? {} : { trial: options.trial }),
  });
}

/** What flags say of every App, whoever it is for. Throws `cli.folder`. */
export async function appOptions(
  options: ChatOptions,
  cwd: string,
): Promise<Omit<CreateAppOptions, "interactive" | "session">> {
  const addDirs = await Promise.all((options.addDir ?? []).map((path) => readableFolder(path, "--add-dir")));
  return {
    cwd,
    env: processEnvironment(),
    flags: { ...settingsOfFlags(options), ...(addDirs.length === 0 ? {} : { addDirs }) },
    ...(options.config === undefined ? {} : { settingsFile: resolve(options.config) }),
    demo: options.demo === true,
    ...(options.role === undefined ? {} : { role: options.role }),
    ...(options.runtime === undefined ? {} : { runtime: options.runtime }),
  };
}

/** The absolute real path of `--cwd`, default the process's own. Throws `cli.folder`. */
export function workingDirectory(wished: string | undefined): Promise<string> {
  return readableFolder(wished ?? ".", "-C");
}

/** The absolute real path of a folder that `flag` names. Throws `cli.folder`. */
export async function readableFolder(wished: string, flag: string): Promise<string> {
  const path = resolve(wished);
  const hint = `${flag} takes a readable folder.`;
  try {
    const real = await realpath(path);
    // Read, so that a folder that only looks open is found out now and not by the first tool.
    await (await opendir(real)).close();
    return real;
  } catch (cause) {
    const reason = isErrorCode(cause, "ENOTDIR") ? "is not a folder" : "cannot be opened";
    throw new AppError("cli.folder", `${path} ${reason}.`, { hint, cause });
  }
}

const IMAGE_TYPES: Readonly<Record<string, string>> = {
  ".png": "image/png",
  ".jpg": "image/jpeg",
  ".jpeg": "image/jpeg",
  ".gif": "image/gif",
  ".webp": "image/webp",
};

/** Files of `--image`. Throws `cli.image` for what cannot be read or is no picture we know. */
export function readImages(files: readonly string[]): Promise<ImageContent[]> {
  return Promise.all(
    files.map(async (file) => {
      const mimeType = IMAGE_TYPES[extname(file).toLowerCase()];
      if (!mimeType) {
        throw new AppError("cli.image", `${file} is no image that models read.`, {
          hint: "PNG, JPEG, GIF and WebP work.",
        });
      }
      const data = await readFile(file).catch((cause: unknown) => {
        throw new AppError("cli.image", `${file} cannot be read.`, { hint: "--image takes a file.", cause });
      });
      return { type: "image" as const, mimeType, data: data.toString("base64") };
    }),
  );
}

export function sessionWish(options: ChatOptions, picker: boolean): SessionWish {
  if (!options.session) return { kind: "none" };
  if (options.continue === true) return { kind: "continue" };
  if (options.fork !== undefined) {
    return typeof options.fork === "string" ? { kind: "fork", reference: options.fork } : { kind: "fork" };
  }
  if (typeof options.resume === "string") return { kind: "resume", reference: options.resume };
  if (options.resume === true && !picker) {
    throw new AppError("cli.resume", "--resume needs a session in one-shot mode.", {
      hint: "`hearth sessions list` shows them; --continue takes the newest.",
    });
  }
  return { kind: "new" };
}
