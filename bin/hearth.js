#!/usr/bin/env node
// Starts Hearth: checks the Node version, turns V8's compile cache on, loads the bundle. Nothing else.
const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
if (major < 22 || (major === 22 && minor < 12)) {
  process.stderr.write(
    `hearth: Node ${process.versions.node} is too old; Hearth needs Node 22.12 or newer.\n` +
      "hint: install a newer Node (https://nodejs.org), or start it from a checkout with `npm start`, which brings its own.\n",
  );
  process.exitCode = 1;
} else {
  const { enableCompileCache } = await import("node:module");
  enableCompileCache();
  try {
    const { main } = await import("../dist/main.js");
    await main();
  } catch (error) {
    if (error?.code !== "ERR_MODULE_NOT_FOUND" || !String(error.message).includes("dist/main.js"))
      throw error;
    process.stderr.write("hearth: the program is not built yet.\nhint: run `npm run build` first.\n");
    process.exitCode = 1;
  }
}
