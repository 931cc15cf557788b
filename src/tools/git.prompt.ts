// What the model reads about the git tools.
export const GIT_STATUS_DESCRIPTION = "Branch, staged, changed and untracked files.";
export const GIT_DIFF_DESCRIPTION = "Changes not staged yet; or staged ones, or against ref.";
export const GIT_LOG_DESCRIPTION = "Commits, newest first.";
export const GIT_SHOW_DESCRIPTION = "A commit with its changes, or a file at a commit (REF:PATH).";
export const GIT_ADD_DESCRIPTION = "Stage files.";
export const GIT_COMMIT_DESCRIPTION = "Commit what is staged.";
export const GIT_REF = "Commit, branch or range";
export const GIT_PATHS = "Only these files or folders";
export const GIT_LIMIT = "Default 20";
