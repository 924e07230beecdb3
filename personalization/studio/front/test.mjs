// Bundles every test and runs them in node, which reads no TypeScript by itself.
import { build } from "esbuild";
import { spawnSync } from "node:child_process";
import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { bundling, here } from "./bundling.mjs";

const folder = join(here, "built");
const tests = readdirSync(join(here, "tests")).filter((name) => /\.test\.tsx?$/.test(name));

rmSync(folder, { recursive: true, force: true });
await build({
  ...bundling,
  entryPoints: tests.map((name) => `tests/${name}`),
  outdir: folder,
  outExtension: { ".js": ".mjs" },
  format: "esm",
  platform: "node",
  target: "node20",
  external: ["happy-dom", "fast-check"],
  sourcemap: "inline",
});
const files = tests.map((name) => join(folder, name.replace(/\.tsx?$/, ".mjs")));
process.exitCode = spawnSync(process.execPath, ["--enable-source-maps", "--test", ...files], { stdio: "inherit" }).status ?? 1;
