// Is the terminal xterm.js? Those that are built on it (of editors and web pages) take a narrower window in a way of
// their own, and few say in the environment what they are. All answer the question for their version (DA2) alike.

export const ASK_VERSION = "\x1b[>c";

/** xterm.js: InputHandler.sendDeviceAttributesSecondary. The real xterm of that number is of 2012. */
export const XTERM_JS = "0;276;0";
