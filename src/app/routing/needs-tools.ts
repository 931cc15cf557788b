// Whether a prompt needs tools: fixed rules over its words and marks, for runtimes that have none. Pure; no model is
// asked. Words are English; marks (paths, mentions, diffs, shell lines, images) are of no language. In doubt a turn
// needs tools: an agent can answer a plain question, an answerer cannot change a file.

export type PromptFacts = {
  text: string;
  images: number;
  /** The task before is not done: a plan has open entries, or the answer before this prompt used tools. */
  unfinished: boolean;
};

/** What shows it, in the prompt's own words ("edit ... README.md"); null where nothing does. */
export function needsTools({ text: whole, images, unfinished }: PromptFacts): string | null {
  const text = whole.slice(0, LONGEST);
  if (images > 0) return images === 1 ? "an image" : `${images} images`;
  const shown = MARKS.map((mark) => found(text, mark)).find((match) => match !== null);
  if (shown !== undefined && shown !== null) return shown;
  const prose = withoutCode(text).replaceAll(URL, " ").replaceAll(SUBSTITUTION, " ");
  const sentences = prose.split(SENTENCE_END);
  const asked = sentences.map(evidenceOf).find((evidence) => evidence !== null);
  if (asked !== undefined) return asked;
  return unfinished && GO_ON.test(prose.trim())
    ? `${shortened(prose.trim())}: goes on with the work before`
    : null;
}

/** Characters that are looked at: what is asked stands before what is pasted. */
const LONGEST = 20_000;

/** A match of a rule: where it is, and the words of it. */
type Piece = { at: number; words: string };

const SENTENCE_END = /(?<=[.!?;:])\s+|\n+/;
const URL = /\b[a-z][a-z\d+.-]*:\/\/\S+|\bwww\.\S+/gi;

/** A shell would run it; here it is a text like any other. */
const SUBSTITUTION = /\$\([^()\n]{0,200}\)/g;

/** Looked for in the whole prompt, code and all. */
const MARKS: readonly RegExp[] = [
  // A command of ours, or a template of the person's.
  /^\/[a-z][\w-]*(?=\s|$)/i,
  // A mention: no address (before the sign stands no word) and no decorator of code (after it stands a path).
  /(?<=^|[\s([{"'])@(?:"[^"\n]+"|[\w.~-]*[./][\w./~-]*)/,
  // A patch.
  /^(?:diff --git .*|@@ -\d+(?:,\d+)? \+\d+.*|(?:\+\+\+|---) [ab]?\/\S+)/m,
  /^[ \t]*`{3,}[ \t]*(?:diff|patch)\b/m,
  // A line of a shell.
  /^[ \t]*(?:\$|❯|%|PS [A-Z]:\\[^>\n]*>|[\w.-]+@[\w.-]+:[^\n$#]*[$#])[ \t]+[a-z.~/][^\n]*/m,
  // A program that works on projects, with a word of its own; those that are English words only where they are code.
  /\bgit (?:add|bisect|blame|branch|checkout|cherry-pick|clone|commit|diff|fetch|grep|init|log|merge|mv|pull|push|rebase|reset|restore|revert|rm|show|stash|status|switch|tag)\b(?! (?:is|are|does|do|means?|work)\b)/,
  /^[ \t]*(?:npm|npx|pnpm|yarn|cargo|pytest|kubectl|mkdir|chmod|rg|grep|ls|sed|awk|go (?:build|fmt|get|mod|run|test|vet)|make (?:all|build|check|clean|install|test)|cat [\w./~-]*[./])(?= (?!(?:is|are|was|or|and|vs|has|does|versus)\b)[\w./~"'-]|[\w/]|$)[^\n]{0,40}$/m,
  /\b(?:run|execute|rerun|try)[: ]+`?(?:npm|npx|pnpm|yarn|bun|deno|cargo|go|pip3?|uv|poetry|pytest|python3?|node|make|cmake|mvn|gradle|docker|kubectl|terraform|helm|dotnet|php|tsc|eslint|jest|vitest|ls|cat|grep|rg|find|sed|awk|chmod|mkdir|rm|mv|cp|touch|curl|wget|ssh)(?= [\w./~-]|`|$)[^\n`]{0,40}/m,
];

/** A path or the name of a file. Fractions, dates and "and/or" are none. */
const PATH = new RegExp(
  [
    String.raw`(?<![\w/.@-])(?:~|\.{1,2})\/[\w.@~+-][\w./@~+-]*`,
    String.raw`(?<![\w/.:])\/(?:[\w.@+-]+\/)+[\w.@+-]*`,
    String.raw`\b[A-Za-z]:\\[\w.\\-]+`,
    String.raw`(?<![\w/.@-])(?:src|source|lib|libs|app|apps|bin|cmd|pkg|packages|internal|include|test|tests|spec|specs|docs?|scripts?|tools|config|public|assets|dist|build|target|vendor|node_modules|\.[a-z]+)\/[\w./@+-]*`,
    String.raw`(?<![\w/.@-])(?:[\w@+-]+\/)+[\w@+.-]*\.[A-Za-z]\w{0,7}\b`,
    String.raw`(?<![\w/.@-])[\w+-][\w.+-]*\.(?:[cm]?[jt]sx?|json[5cl]?|mdx?|rst|txt|ya?ml|toml|ini|cfg|conf|env|lock|py|pyi|ipynb|rb|rs|go|mod|java|kt|kts|scala|swift|c|cc|cpp|cxx|h|hh|hpp|cs|fs|php|pl|lua|sh|bash|zsh|fish|ps1|bat|sql|html?|css|s[ac]ss|less|vue|svelte|xml|svg|png|jpe?g|gif|pdf|csv|tsv|proto|gradle|tf|nix|log|patch|diff|ex|exs|erl|hs|ml|clj|dart|zig|r)\b(?![\w(])`,
    String.raw`\b(?:README|LICEN[CS]E|CHANGELOG|CONTRIBUTING|AGENTS|CLAUDE|Makefile|Dockerfile|Gemfile|Rakefile|Procfile|Justfile|Vagrantfile|CMakeLists)\b`,
    String.raw`(?<![\w.])\.(?:gitignore|gitattributes|env|npmrc|editorconfig|dockerignore|bashrc|zshrc|eslintrc|prettierrc)\b`,
  ].join("|"),
);

/** Names of products that look like files. */
const NO_FILE =
  /^(?:node|next|vue|react|nuxt|three|d3|express|ember|angular|backbone|chart|moment|deno|bun|alpine|solid|p5|socket)\.js$|^(?:ASP|VB|ADO)\.NET$/i;

/** What stands before a request: "please", "can you", "then". */
const POLITE = String.raw`(?:(?:please|pls|kindly|now|then|next|first|also|finally|and|so|ok|okay|hey|hi|just|go ahead and|let'?s|you (?:can|should|must|need to|have to)|(?:can|could|would|will) you|i(?:'d like| want| need) you to|i would like you to|we (?:need|have|want) to|help me(?: to)?|try to|be so kind as to)[,\s]+)*`;

/** Acts on a project that have no other meaning for a program that one talks to. */
const ACT = new RegExp(
  String.raw`^[\s>*\-\d.)"']*${POLITE}(edit|refactor|implement|install|uninstall|compile|commit|rebase|deploy|lint|debug|rename|execute(?! *\d)|run(?! *\d| *$)|rerun|reproduce|bisect|scaffold|migrate|upgrade|downgrade|revert|undo|push|pull|checkout|check out|merge|fork|clone|benchmark|profile|grep|patch)\b(?!['’-])`,
  "i",
);
/** The same deeper in a sentence, behind "and" or a comma. */
const ACT_AND_ACT =
  /(?:,| and| then)\s+(?:please |then |also )?(edit|refactor|implement|install|compile|commit|deploy|lint|rename|execute|rerun|push|run) (?:it|them|this|that|all|the|every|my|our|your)\b/i;

/** Words that ask for something to be done or looked at: they need tools where it is a project they are about. */
const WORK =
  /\b(add|adapt|adjust|analy[sz]e|append|apply|audit|build|change|check|clean(?: up)?|comment out|convert|copy|correct|create|delete|document|drop|examine|explain|explore|extend|extract|find|fix|format|generate|inspect|insert|investigate|list|locate|look (?:at|for|in|into|through|up)|make|modify|move|open|optimi[sz]e|port|print|read|remove|reorgani[sz]e|replace|resolve|restructure|review|rewrite|save|scan|search|show|simplify|sort out|split|start|stop|summari[sz]e|test|touch|tidy(?: up)?|translate|update|use|verify|write)\b/i;

/** Things of a project, as somebody who has one before them names them. */
const THING =
  /\b(?:the|this|that|these|those|my|our|all|every|each|any|a new|an?|another|some|which|what|how many|where)\s+(?:[\w'-]+\s+){0,2}?(files?|folders?|director(?:y|ies)|repo(?:sitor(?:y|ies))?s?|code ?bases?|workspace|working tree|working copy|tests?|test suite|unit tests?|build|builds|branch(?:es)?|commits?|pull request|PRs?|changes|diffs?|stack ?trace|warnings?|failing tests?|imports?|dependenc(?:y|ies)|lock ?file|packages?|modules?|scripts?|endpoints?|routes?|migrations?|components?|class(?:es)?|functions?|methods?|changelog|readme|TODOs?|config(?:uration)?|CI|pipeline|linter|type ?checker|type errors?|lint errors?|compile errors?|call sites?|source(?: code)?|project)\b/i;

/** A place: whatever is asked about it, somebody has to look. */
const HERE =
  /\b(?:in|of|from|across|through|about|to|is|does|for|on|with)\s+(?:the|this|these|my|our|all)\s+(?:current\s+|whole\s+|entire\s+|same\s+|local\s+)?(repo(?:sitory)?|code ?base|project|workspace|folder|director(?:y|ies)|files?|branch|working (?:tree|copy|directory)|(?:src|test) (?:folder|directory)|machine|disk)\b|\b(?:this|our|my) (repo(?:sitory)?|code ?base|project|workspace|working (?:tree|copy))\b|\b(current (?:directory|folder|branch)|working directory|git (?:history|status|log)|uncommitted changes|staged changes|(?:the )?failing tests?)\b/i;

/** Asked of many: only somebody who looks can count or name them. */
const MANY =
  /^\W*(?:and |so )?((?:which|what(?! (?:are|is)\b)|how many|where are the|list (?:the|all)) (?:[\w'-]+ ){0,2}?(?:files|functions|tests|modules|classes|components|imports|commits|branches|packages|dependencies|endpoints|lines|TODOs))\b(?! (?:are|is) (?:a|an)\b)/i;

/** Made in a project, also where no article says in which. */
const MADE = new RegExp(
  String.raw`^[\s>*\-\d.)"']*${POLITE}((?:add|write|create|fix|update|generate|improve|delete|remove)\s+(?:more |new |some |missing |unit |integration |e2e |the )*(?:tests?|docs|documentation|doc ?comments|comments|types|type hints|logging|error handling))\b`,
  "i",
);

/** A question in general, unless a determiner says that it is about something that is there. */
const IN_GENERAL =
  /^\W*(?:and |so |but )?(?:how (?:do|does|can|could|should|would)|what|why|when|who|is|are|does|do|did|should|would)\b/i;
const INDEFINITE = /^(?:an?|any|some|another|a new|each|every|that)\b/i;

/** An answer to "shall I go on?". */
const GO_ON =
  /^(?:(?:please|ok(?:ay)?|yes|yep|sure|great|good|perfect|thanks|alright|and|now)[,.!\s]+)*(?:yes|yep|ok(?:ay)?|sure|go on|go ahead|continue|carry on|keep going|proceed|next(?: (?:step|one|task))?|do (?:it|that|this|so)|(?:do )?the (?:rest|next(?: one)?)|finish(?: it)?|try again|again|retry|weiter|mach weiter|continúa|continue[rz]|继续|続けて)(?:,? please)?[.!\s]*$/i;

function evidenceOf(sentence: string): string | null {
  const path = pathIn(sentence);
  const act = piece(ACT, sentence) ?? piece(ACT_AND_ACT, sentence);
  const work = piece(WORK, sentence);
  const here = piece(HERE, sentence);
  const thing = piece(THING, sentence);
  if (path) return joined(act ?? work, path);
  if (act) return joined(act, here ?? thing);
  if (here) return joined(work, here);
  const many = piece(MANY, sentence) ?? piece(MADE, sentence);
  if (many) return many.words;
  return work && thing && work.at <= thing.at && !isGeneral(sentence) ? joined(work, thing) : null;
}

function isGeneral(sentence: string): boolean {
  return IN_GENERAL.test(sentence) && INDEFINITE.test(THING.exec(sentence)?.[0] ?? "");
}

/** The words that show it, in the order in which they stand: "edit ... README.md". */
function joined(verb: Piece | null, object: Piece | null): string {
  const pieces = [verb, object].filter((each) => each !== null).sort((a, b) => a.at - b.at);
  return pieces.map(({ words }) => shortened(words)).join(" ... ");
}

function piece(rule: RegExp, text: string): Piece | null {
  const match = rule.exec(text);
  const words = match?.slice(1).find((group) => group !== undefined);
  if (!match || words === undefined) return null;
  return { at: match.index + match[0].lastIndexOf(words), words };
}

function pathIn(text: string): Piece | null {
  for (const match of text.matchAll(new RegExp(PATH, "g"))) {
    const words = match[0].replace(/[.,;:!?]+$/, "");
    if (words !== "" && !NO_FILE.test(words)) return { at: match.index, words };
  }
  return null;
}

function found(text: string, mark: RegExp): string | null {
  const match = mark.exec(text);
  return match ? shortened(match[0].trim()) : null;
}

/** Code in fences is what is talked about, not what is asked. */
function withoutCode(text: string): string {
  return text.replaceAll(/^[ \t]*(`{3,}|~{3,})[^\n]*\n[\s\S]*?(?:^[ \t]*\1[ \t]*$|(?![\s\S]))/gm, " ");
}

function shortened(words: string): string {
  const line = words.replaceAll(/\s+/g, " ");
  return line.length > 40 ? `${line.slice(0, 39)}…` : line;
}
