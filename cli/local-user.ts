import { userInfo } from "node:os";

/** Who runs this program, for facts that say who: the user's name, or the number of one without a name. */
export function localUser(): string {
  try {
    return userInfo().username;
  } catch {
    // containers run as numbers that no user has
    return `user ${process.getuid?.() ?? "unknown"}`;
  }
}
