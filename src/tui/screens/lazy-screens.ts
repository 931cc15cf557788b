// Screens that most starts never show: each is loaded when it is asked for.
import type { ScreenName } from "../../app/commands/command.ts";
import type { Desk } from "../desk.ts";

export async function openLazyScreen(desk: Desk, name: ScreenName | "welcome"): Promise<void> {
  switch (name) {
    case "settings":
      return (await import("./settings.ts")).openSettings(desk);
    case "keys":
      return (await import("./keys.ts")).openKeys(desk);
    case "all-keys":
      return (await import("./keys.ts")).printKeys(desk);
    case "setup":
      return (await import("./first-run.ts")).setUp(desk);
    case "welcome":
      return (await import("./first-run.ts")).welcome(desk);
  }
}
