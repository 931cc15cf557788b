// Makes checkpoints and restores them as fast as it can until it is killed; prints each step once it is done.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { openCheckpoints } from "../../../src/sandbox/checkpoints/open-checkpoints.ts";

const [root = "", dir = "", home = ""] = process.argv.slice(2);
const checkpoints = openCheckpoints({
  root,
  home,
  dir,
  env: { PATH: process.env.PATH ?? "", HOME: home },
  exclude: [],
  onDamage: (message) => console.log(`damage ${message}`),
  now: Date.now,
});

console.log("ready");
for (let round = 0; ; round++) {
  for (let file = 0; file < 20; file++)
    writeFileSync(join(root, `f${file}`), `${process.pid} ${round} ${file}\n`);
  const { commit } = await checkpoints.take(round % 3 === 0 ? "named" : "after", `name ${round % 5}`);
  console.log(`taken ${commit}`);
  for (let file = 0; file < 20; file += 2) writeFileSync(join(root, `f${file}`), "other\n");
  await checkpoints.restore({ to: commit }, () => Promise.resolve());
  console.log(`restored ${commit}`);
}
