import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

export default defineConfig({
  plugins: [react()],
  build: {
    outDir: "../dist/web",
    emptyOutDir: true,
    // the page's policy is default-src 'self': nothing may become a data: URL
    assetsInlineLimit: 0,
    // the charts are one lazy chunk of about 500 kB, loaded after the page stands
    chunkSizeWarningLimit: 600,
  },
  server: { proxy: { "/api": "http://127.0.0.1:4180" } },
});
