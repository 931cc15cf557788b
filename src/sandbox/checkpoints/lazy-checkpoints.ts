// Checkpoints that are loaded when the first of them is asked for: most starts make none.
import type { Checkpoints } from "./checkpoints.ts";

export function lazyCheckpoints(load: () => Promise<Checkpoints>): Checkpoints {
  let loading: Promise<Checkpoints> | null = null;
  let loaded: Checkpoints | null = null;
  const use = async (): Promise<Checkpoints> => {
    loading ??= load();
    loaded = await loading;
    return loaded;
  };
  return {
    take: async (kind, name) => (await use()).take(kind, name),
    diff: async (from, to) => (await use()).diff(from, to),
    preview: async (request) => (await use()).preview(request),
    restore: async (request, onSafety) => (await use()).restore(request, onSafety),
    named: async () => (await use()).named(),
    uncovered: () => loaded?.uncovered() ?? [],
    refusal: () => loaded?.refusal() ?? "",
    close: async () => {
      await (await loading)?.close();
    },
  };
}
