// What a model reads about images of tool results, which this wire API only takes in a user message.

export const TOOL_IMAGES = "Images from the tool results above:";

export const SEE_IMAGES = "(see the image below)";
