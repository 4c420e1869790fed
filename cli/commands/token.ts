import { createHash, randomBytes } from "node:crypto";
import { Option, type Command } from "commander";
import { Role } from "../../core/config.ts";
import type { GlobalOptions } from "../config-file.ts";

export function addToken(program: Command): void {
  program
    .command("token")
    .summary("make a bearer token for the API")
    .description(
      "Prints a new token once, and the lines for `api.tokens` in earshot.yaml, which hold only its hash.",
    )
    .argument("<name>", "who or what will use it")
    .addOption(new Option("--role <role>", "what it may do").choices(Role.options).default("viewer"))
    .action((name: string, options: { role: Role }, command: Command) => {
      const token = `earshot_${randomBytes(32).toString("base64url")}`;
      const sha256 = createHash("sha256").update(token).digest("hex");
      if (command.optsWithGlobals<GlobalOptions>().json === true) {
        process.stdout.write(`${JSON.stringify({ name, role: options.role, token, sha256 })}\n`);
        return;
      }
      process.stdout.write(
        `Token (shown once): ${token}\n\nAdd to earshot.yaml:\n\napi:\n  tokens:\n    - name: ${JSON.stringify(name)}\n      role: ${options.role}\n      sha256: ${sha256}\n`,
      );
    });
}
