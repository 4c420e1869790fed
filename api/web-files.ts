import { readFile } from "node:fs/promises";
import { extname, resolve, sep } from "node:path";

/** A file of the built web page. */
export interface WebFile {
  readonly path: string;
  readonly content: Buffer;
  /** True when its name changes with its content, so that a browser may keep it for ever. */
  readonly isImmutable: boolean;
}

/**
 * The file a path of an address names, or the page itself for a path that names none: the page has its own views.
 * Undefined when there is no such file, or it lies outside `webDir`.
 */
export async function findWebFile(webDir: string, urlPath: string): Promise<WebFile | undefined> {
  const asked = decodePath(urlPath);
  if (asked === undefined) return undefined;
  const root = resolve(webDir);
  const path = resolve(root, `.${asked}`);
  if (path !== root && !path.startsWith(root + sep)) return undefined;
  if (extname(path) === "") return readWebFile(resolve(root, "index.html"), false);
  return readWebFile(path, asked.startsWith("/assets/"));
}

function decodePath(urlPath: string): string | undefined {
  try {
    const decoded = decodeURIComponent(urlPath);
    return decoded.includes("\0") ? undefined : decoded;
  } catch {
    return undefined;
  }
}

async function readWebFile(path: string, isImmutable: boolean): Promise<WebFile | undefined> {
  try {
    return { path, content: await readFile(path), isImmutable };
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    if (code === "ENOENT" || code === "EISDIR" || code === "ENOTDIR" || code === "ENAMETOOLONG")
      return undefined;
    throw error;
  }
}
