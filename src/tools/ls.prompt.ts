// What the model reads about the ls tool.
export const LS_DESCRIPTION = "List a folder.";
export const LS_PATH = "Folder, default the workspace";
