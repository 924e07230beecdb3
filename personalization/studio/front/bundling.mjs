// How esbuild bundles us, for the browser and for the tests alike: react is preact.
import { fileURLToPath } from "node:url";

export const here = fileURLToPath(new URL(".", import.meta.url));

export const bundling = {
  absWorkingDir: here,
  bundle: true,
  logLevel: "warning",
  jsx: "automatic",
  jsxImportSource: "preact",
  define: { "process.env.NODE_ENV": '"production"' },
  alias: {
    react: "preact/compat",
    "react-dom": "preact/compat",
    "react/jsx-runtime": "preact/jsx-runtime",
  },
};
