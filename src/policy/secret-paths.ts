// Tells from its name whether a file may hold a secret: keys, credentials, dotenv files, other agents' logins.
// Pure; knows names only, opens nothing.

const HOME = String.raw`(?:~[^/]*|\$HOME|\$\{HOME\}|/root|/(?:home|users)/[^/]+)`;

/** Whole folders in a home directory. */
const HOME_FOLDER = new RegExp(
  `^${HOME}/(?:\\.(?:ssh|aws|gcp|gnupg|azure|config/gcloud|password-store))(?:/|$)`,
);
const HOME_FILE = new RegExp(
  `^${HOME}/\\.(?:kube/config|docker/config\\.json|m2/settings\\.xml|config/gh/hosts\\.yml|bash_history|zsh_history)(?:[.~-]\\w*)?$`,
);
const SYSTEM_FILE = /^(?:\/private)?\/etc\/(?:shadow|gshadow|sudoers|master\.passwd)(?:[-/.]|$)/;

const BACKUP = String.raw`(?:[.~_-](?:bak|backup|old|orig|save|copy|pem|\d+))*~?`;
const SECRET_NAMES = new RegExp(
  `^(?:\\.(?:npmrc|netrc|pypirc|pgpass|my\\.cnf|htpasswd|git-credentials|vault-token|dockercfg|dockerconfigjson|s3cfg|boto|terraformrc|envrc|claude\\.json)|_netrc|credentials(?:\\.(?:toml|json|xml|ya?ml|csv|tfrc\\.json))?|kubeconfig|(?:application_default_credentials|service[-_]account[\\w-]*)\\.json|secrets?\\.(?:json|ya?ml|toml|env)|opencode\\.jsonc?)${BACKUP}$|^\\.mcp\\.json$`,
);
const SSH_KEY = new RegExp(`^(?:id|[\\w.-]+_)_?(?:rsa|dsa|ecdsa|ed25519)(?:_sk)?${BACKUP}$`);
const DOTENV = /^\.env(?:$|[.-].+)/;
const KEY_EXTENSION =
  /\.(?:pem|key|p12|pfx|pkcs12|p8|ppk|keystore|jks|kdbx?|keypair|keychain(?:-db)?|ovpn|gpg|tfstate)$/;
const HARMLESS = /[._-](?:example|sample|template|tmpl|dist|defaults?|schema|pub)$/;
const DEPENDENCIES = /(?:^|\/)(?:node_modules|vendor|__pycache__|site-packages|\.venv)\//;

/** The part of a path behind the folder of a coding agent. */
const AGENT_FOLDER =
  /(?:^|\/)(?:\.|(?:\.config|\.local\/share|etc|application support)\/)(claude(?:-code)?|codex|gemini(?:-?cli)?|cursor|copilot|amp|kimi(?:-code)?|pi|opencode|hearth|goose|crush|qwen|windsurf|aider|continue|antigravity)\/(.+)$/;
const LOGIN =
  /(?:^|[._-])(?:auth|oauth|credentials?|creds|secrets?|tokens?|accounts)(?:-config)?(?:\.[\w.]+)?$/;
const AGENT_SETTINGS =
  /^(?:settings(?:\.local)?|config|mcp(?:[_-]config)?|hooks|models|.+\.config)\.(?:jsonc?|toml)(?:\.\w+)?$/;

/** `path` as written: relative, absolute, from `~` or `$HOME`, or a file URL. Case does not matter. */
export function isSecretPath(path: string): boolean {
  const clean = normalise(path);
  if (clean === null) return false;
  const name = clean.slice(clean.lastIndexOf("/") + 1);
  if (HOME_FOLDER.test(clean) || HOME_FILE.test(clean) || SYSTEM_FILE.test(clean)) return true;
  if (HARMLESS.test(name)) return false;
  if (DOTENV.test(name) || SECRET_NAMES.test(name) || SSH_KEY.test(name)) return true;
  if (KEY_EXTENSION.test(name)) return !DEPENDENCIES.test(clean);
  return isAgentSecret(clean, name);
}

/** Forward slashes, lower case, no doubled slashes; null for what is no file. */
function normalise(path: string): string | null {
  const windows = /^[a-z]:\\/i.test(path) ? path.replaceAll("\\", "/") : path;
  const local = windows.replace(/^file:\/\/[^/]*/i, "");
  if (local === "" || /^(?:https?|ftp|wss?):\/\//i.test(local)) return null;
  return local
    .toLowerCase()
    .replace(/\/{2,}/g, "/")
    .replace(/(.)\/$/, "$1");
}

function isAgentSecret(path: string, name: string): boolean {
  const match = AGENT_FOLDER.exec(path);
  if (!match) return false;
  const [, agent = "", rest = ""] = match;
  if (rest.split("/").some((part) => LOGIN.test(part))) return true;
  if (!rest.includes("/") && /\.db(?:-\w+)?$/.test(name)) return true;
  // A project's shared settings are committed files; only the home's hold logins.
  if (agent === "claude" && name === "settings.json") return new RegExp(`^${HOME}/\\.claude/`).test(path);
  return AGENT_SETTINGS.test(name);
}

/** The secret files that `text` (a word, a command, code) names, as written. */
export function secretMentions(text: string): string[] {
  const withoutUrls = text.replace(/\b(?:https?|ftp|ssh|git):\/\/[^\s"'`]+/gi, " ");
  const candidates = withoutUrls.split(/[\s"'`()<>|&;,=:@[\]]+/);
  const bare = withoutUrls.split(/[^\w.~/-]+/);
  const found = [text, ...candidates, ...bare, ...candidates.map((part) => part.replace(/^-[A-Za-z]/, ""))];
  return [...new Set(found.filter((part) => part.length > 1 && !/\s/.test(part) && isSecretPath(part)))];
}
