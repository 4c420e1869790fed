import { defineConfig } from "vite";

/**
 * The program as it runs: one file for what every command needs, others for what only some do, and those of its threads.
 * Out of the many files it is written in, a command takes twice as long to start.
 */
export default defineConfig({
  build: {
    ssr: true,
    target: "node20",
    outDir: "dist/program",
    sourcemap: true,
    rolldownOptions: {
      input: {
        main: "cli/main.ts",
        "reading-worker": "cli/reading-worker.ts",
        "enrich-worker": "cli/enrich-worker.ts",
        "detect-worker": "cli/detect/detect-worker.ts",
      },
      output: { entryFileNames: "[name].js", chunkFileNames: "[name].js" },
    },
  },
  ssr: {
    // what is native, patched, or looks for files of its own stays outside
    external: true,
    // plain JavaScript in many files, with no dependency of its own
    noExternal: ["@hono/node-server", "commander", "entities", "hono", "ipaddr.js", "luxon", "yaml", "zod"],
  },
});
