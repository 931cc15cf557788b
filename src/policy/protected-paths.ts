// Files that steer programs (git hooks, shell start-up, agent and editor settings): changing one can run code
// later, so that no mode but full changes them unasked. Pure.

const FOLDERS =
  /(?:^|\/)\.(?:git|hearth|ssh|husky|vscode|idea|devcontainer|claude|codex|cursor|gemini|agents)(?:\/|$)/i;
const FILES =
  /(?:^|\/)(?:\.(?:bashrc|bash_profile|bash_login|bash_logout|bash_aliases|profile|zshrc|zshenv|zprofile|zlogin|kshrc|cshrc|tcshrc|inputrc|gitconfig|gitmodules|gitattributes|ripgreprc|envrc|tool-versions|npmrc|yarnrc|yarnrc\.yml|pypirc|mcp\.json)|config\.fish|authorized_keys|crontab)$/i;
const GIT_CONFIG = /(?:^|\/)\.config\/(?:git|fish|hearth)\//i;

/** `path` absolute or relative. */
export function isProtectedPath(path: string): boolean {
  return FOLDERS.test(path) || FILES.test(path) || GIT_CONFIG.test(path);
}
