// A channel's value in a component, which renders again when it changes and at no other time.
import { useSyncExternalStore } from "react";
import type { Channel } from "./channel.ts";

export function useChannel<T>(channel: Channel<T>): T {
  return useSyncExternalStore(channel.subscribe, channel.get);
}
