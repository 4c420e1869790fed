import { expect, test } from "vitest";
import { checkAccess, type Access } from "../../api/access.ts";

const OPEN: Access = { tokens: [], required: false, allowedHosts: [] };

test("a request without a Host header is refused where no token speaks for it", () => {
  const claims = { authorization: undefined, host: undefined, origin: undefined };
  expect(() => checkAccess(claims, OPEN, "viewer")).toThrow(
    expect.objectContaining({ code: "forbidden" }) as Error,
  );
});

test("a hash of the wrong length in the config matches no token and breaks nothing", () => {
  const access: Access = { ...OPEN, tokens: [{ name: "short", sha256: "ab", role: "admin" }] };
  const claims = { authorization: "Bearer x", host: "localhost", origin: undefined };
  expect(() => checkAccess(claims, access, "viewer")).toThrow(
    expect.objectContaining({ code: "unauthorized" }) as Error,
  );
});
