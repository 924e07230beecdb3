// Writes the studio's scripts and styles where Django serves them; or into the folder given.
// The same sources give the same bytes: the first line of each carries the SHA-256 of its own.
import { build } from "esbuild";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { bundling, here } from "./bundling.mjs";

const folder = resolve(here, process.argv[2] ?? "../../static/personalization");
const ASSETS = [
  { in: "src/main.tsx", out: "builder" },
  { in: "src/builder.css", out: "builder" },
  { in: "src/composer/main.ts", out: "composer" },
  { in: "src/code/main.ts", out: "code" },
  { in: "src/review/main.ts", out: "review" },
  { in: "src/briefs/main.ts", out: "briefs" },
];
const ALWAYS = ["build.mjs", "bundling.mjs", "package-lock.json"]; // they decide what is built too

for (const asset of ASSETS) await built(asset);

async function built(asset) {
  const options = { ...bundling, entryPoints: [asset], outdir: folder, format: "iife", target: "es2022", minify: true, legalComments: "none" };
  const { metafile } = await build({ ...options, write: false, metafile: true });
  const banner = `/* Built from personalization/studio/front by "make assets". Sources: ${digest(Object.keys(metafile.inputs))} */`;
  await build({ ...options, banner: { js: banner, css: banner } });
}

/** Of our own files; what comes from others is named in the lock file. */
function digest(inputs) {
  const sum = createHash("sha256");
  const own = inputs.filter((path) => !path.includes("node_modules"));
  for (const path of [...own, ...ALWAYS].sort()) sum.update(`${path}\0`).update(readFileSync(join(here, path)));
  return sum.digest("hex");
}
