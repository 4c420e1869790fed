import { normaliseLanguage } from "../processors/detect-language.ts";

/** Languages known by name. Made when first needed. */
let languages:
  { readonly codes: ReadonlySet<string>; readonly named: ReadonlyMap<string, string> } | undefined;

/**
 * The ISO 639-1 code of a language as people write it: a BCP 47 tag (`pt-BR`), an ISO 639 code (`deu`) or its English
 * name (`German`, `Portuguese (Brazil)`). Empty when it names none, so that the language is detected.
 */
export function languageCodeOf(written: string): string {
  if (written === "") return "";
  const { codes, named } = (languages ??= knownLanguages());
  const code = normaliseLanguage(written.trim());
  if (code !== undefined && codes.has(code)) return code;
  const name = written.replace(/\(.*/s, "").trim().toLowerCase();
  return named.get(name) ?? "";
}

function knownLanguages() {
  const display = new Intl.DisplayNames("en", { type: "language", fallback: "none" });
  const letters = "abcdefghijklmnopqrstuvwxyz";
  const named = new Map<string, string>();
  for (const first of letters) {
    for (const second of letters) {
      const code = first + second;
      const name = display.of(code);
      // an outdated code has the name of the one that replaced it
      if (name !== undefined && Intl.getCanonicalLocales(code)[0] === code)
        named.set(name.toLowerCase(), code);
    }
  }
  return { codes: new Set(named.values()), named };
}
