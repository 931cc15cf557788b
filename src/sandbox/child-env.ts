// The environment that the programs of a Workspace see: what is on the list and nothing else.

/** Names and patterns (`*` at the end) that programs need and that tell no secret. */
const ALLOWED: readonly string[] = [
  ..."PATH HOME USER LOGNAME SHELL LANG LANGUAGE LC_* TZ TERM COLORTERM NO_COLOR FORCE_COLOR".split(" "),
  ..."TMPDIR TMP TEMP PWD HOSTNAME DISPLAY WAYLAND_DISPLAY SSH_AUTH_SOCK CI EDITOR VISUAL PAGER".split(" "),
  ..."XDG_CONFIG_HOME XDG_DATA_HOME XDG_CACHE_HOME XDG_STATE_HOME XDG_RUNTIME_DIR".split(" "),
  ..."HTTP_PROXY HTTPS_PROXY NO_PROXY ALL_PROXY http_proxy https_proxy no_proxy all_proxy".split(" "),
  ..."SSL_CERT_FILE SSL_CERT_DIR CURL_CA_BUNDLE REQUESTS_CA_BUNDLE NODE_EXTRA_CA_CERTS".split(" "),
  ..."NODE_ENV NODE_PATH NODE_OPTIONS NVM_DIR NVM_BIN VOLTA_HOME FNM_DIR BUN_INSTALL PNPM_HOME".split(" "),
  ..."npm_config_prefix npm_config_cache npm_config_registry COREPACK_HOME DENO_DIR".split(" "),
  ..."VIRTUAL_ENV CONDA_PREFIX CONDA_DEFAULT_ENV PYENV_ROOT PYTHONPATH PIP_INDEX_URL UV_CACHE_DIR".split(" "),
  ..."GOPATH GOROOT GOBIN GOPROXY GOFLAGS GOCACHE GOMODCACHE CARGO_HOME RUSTUP_HOME".split(" "),
  ..."JAVA_HOME JDK_HOME MAVEN_HOME M2_HOME GRADLE_HOME GRADLE_USER_HOME ANDROID_HOME ANDROID_SDK_ROOT".split(
    " ",
  ),
  ..."GEM_HOME GEM_PATH RBENV_ROOT ASDF_DIR MISE_DATA_DIR DOTNET_ROOT COMPOSER_HOME PHP_INI_DIR".split(" "),
  ..."CC CXX CFLAGS CXXFLAGS LDFLAGS MAKEFLAGS PKG_CONFIG_PATH LD_LIBRARY_PATH CMAKE_PREFIX_PATH".split(" "),
  ..."HOMEBREW_PREFIX HOMEBREW_CELLAR NIX_PATH NIX_PROFILES DOCKER_HOST KUBECONFIG".split(" "),
];

/** Keys of model providers: never passed on, whoever allows them. */
const PROVIDER_KEY =
  /^(.*_API_KEY|(ANTHROPIC|OPENAI|GOOGLE|GEMINI|OPENROUTER|COHERE|CLAUDE|HEARTH).*_(KEY|TOKEN|SECRET))$/i;

/** What looks like a secret passes only under its own exact name. */
const SECRET = /(^|_)(KEY|KEYS|TOKEN|SECRET|SECRETS|PASSWORD|PASSWD|PASS|CREDENTIALS?)(_|$)/i;

/**
 * The part of `env` that children may see. `allow` adds names and patterns (`AWS_*`). A name that looks like a
 * secret needs its exact name in `allow`; a provider's key never passes, nor does a name in `providerKeys`
 * (the `keyEnv` of endpoints declared in settings).
 */
export function childEnvironment(
  env: Readonly<Record<string, string | undefined>>,
  allow: readonly string[],
  providerKeys: readonly string[] = [],
): Record<string, string> {
  const exact = new Set(allow);
  const patterns = [...ALLOWED, ...allow];
  const result: Record<string, string> = {};
  for (const [name, value] of Object.entries(env)) {
    if (value === undefined || PROVIDER_KEY.test(name) || providerKeys.includes(name)) continue;
    const secret = SECRET.test(name);
    if (exact.has(name) || (!secret && patterns.some((pattern) => nameMatches(pattern, name)))) {
      result[name] = value;
    }
  }
  return result;
}

/** Names in `env` that look like secrets and that `childEnv` leaves out. */
export function hiddenSecrets(
  env: Readonly<Record<string, string | undefined>>,
  childEnv: Readonly<Record<string, string>>,
): string[] {
  return Object.keys(env).filter(
    (name) => !(name in childEnv) && (PROVIDER_KEY.test(name) || SECRET.test(name)),
  );
}

function nameMatches(pattern: string, name: string): boolean {
  return pattern.endsWith("*") ? name.startsWith(pattern.slice(0, -1)) : pattern === name;
}
