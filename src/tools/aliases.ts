// Names that models trained on other programs' tools send for our parameters. Understood here, shown nowhere.

/** Ours -> theirs. Applies wherever a tool has a field of our name and the call does not give it. */
const ALIASES: Readonly<Record<string, readonly string[]>> = {
  path: [
    ..."file_path filePath filepath filename fileName file absolute_path absolutePath target_file".split(" "),
    ..."relative_path dir_path dirPath directory dir folder target_directory notebook_path".split(" "),
  ],
  paths: "path files file_paths filePaths file_path file pathspec".split(" "),
  content: "contents text file_text fileText file_content fileContent new_content data".split(" "),
  edits: "replacements changes edit".split(" "),
  old_text: "oldText old_string oldString old_str oldStr old search search_string find".split(" "),
  new_text: "newText new_string newString new_str newStr new replace replacement replace_string".split(" "),
  replace_all: "replaceAll allow_multiple allowMultiple multiple global".split(" "),
  command: "cmd script bash_command shell_command commandLine command_line".split(" "),
  timeout: "timeout_seconds timeoutSeconds timeout_secs timeout_sec".split(" "),
  background: "run_in_background runInBackground is_background isBackground detach".split(" "),
  offset: "start_line startLine line_offset start line".split(" "),
  limit: "head_limit max_results maxResults num_lines max_lines max_count maxCount count n".split(" "),
  pattern: "query regex search_pattern searchPattern search glob_pattern glob expression".split(" "),
  glob: "include include_pattern includePattern file_pattern filePattern glob_filter".split(" "),
  ignore_case: "ignoreCase case_insensitive caseInsensitive -i i".split(" "),
  context: "context_lines contextLines -C C lines_around".split(" "),
  output: "output_mode outputMode mode".split(" "),
  items: "todos tasks plan list entries".split(" "),
  text: "content task title description step".split(" "),
  status: ["state"],
  ref: "revision rev commit branch range target sha hash object".split(" "),
  staged: "cached index".split(" "),
  message: "commit_message commitMessage msg title".split(" "),
};

/** `args` with values under our names. A name of ours that is given wins; one foreign name serves one field. */
export function withOurNames(args: object, ours: readonly string[]): Record<string, unknown> {
  const given: Record<string, unknown> = { ...args };
  for (const name of ours) {
    if (given[name] !== undefined) continue;
    const foreign = ALIASES[name]?.find((alias) => given[alias] !== undefined && !ours.includes(alias));
    if (foreign !== undefined) given[name] = given[foreign];
  }
  return given;
}
