/** How one may sign in, and signing in by OpenID Connect. A browser comes here, so what fails leads back to the page. */
import * as v from "valibot";
import { CuecastError } from "../../shared/errors.ts";
import type { Audit } from "../people/audit.ts";
import { OIDC_BEGUN_MS, type Oidc } from "../people/oidc.ts";
import { type People, SESSION_MS } from "../people/people.ts";
import { type Route, route } from "./route.ts";
import { sessionCookie } from "./session.ts";

const COOKIE = "cuecast_oidc";
const PATH = "/api/v1/oidc";

const waysSchema = v.object({
  password: v.literal(true),
  /** Present where central was started with `--oidc-issuer`: `begin` is where to send the browser. */
  oidc: v.optional(v.object({ issuer: v.string(), begin: v.string() })),
});
export type SignInWays = v.InferOutput<typeof waysSchema>;

function cookieOf(request: Request): string | undefined {
  const found = new RegExp(`(?:^|; *)${COOKIE}=([A-Za-z0-9_-]{1,200})`).exec(
    request.headers.get("cookie") ?? "",
  );
  return found?.[1];
}

export function oidcRoutes(
  { people, audit, oidc }: { people: People; audit: Audit; oidc?: Oidc | undefined },
  settings: { secure: boolean },
): Route[] {
  // Not Strict: the browser brings it when the provider sends it back.
  const cookie = (value: string, maxAgeS: number) =>
    `${COOKIE}=${value}; Path=${PATH}; HttpOnly; SameSite=Lax; Max-Age=${maxAgeS}${settings.secure ? "; Secure" : ""}`;
  const lead = (to: string, cookies: readonly string[]) => {
    const headers = new Headers({ location: to, "cache-control": "no-store" });
    for (const each of cookies) headers.append("set-cookie", each);
    return new Response(null, { status: 303, headers });
  };
  const configured = (): Oidc => {
    if (oidc) return oidc;
    throw new CuecastError("Cannot sign in this way: central was started without --oidc-issuer", {
      code: "not-found",
      status: 404,
    });
  };
  /** Back to the page, which tells it in words. */
  const refused = (error: unknown) => {
    if (!(error instanceof CuecastError)) throw error;
    return lead(`/?sign-in=${error.code}`, [cookie("", 0)]);
  };

  return [
    route("GET", "/api/v1/sign-in", {
      summary: "How one may sign in here",
      access: "open",
      reply: waysSchema,
      handle: async () => ({
        password: true,
        ...(oidc && { oidc: { issuer: oidc.issuer, begin: `${PATH}/begin` } }),
      }),
    }),
    route("GET", "/api/v1/oidc/begin", {
      summary: "Sends the browser to the identity provider; back at `/?sign-in=<code>` when that fails",
      access: "open",
      status: 303,
      async handle() {
        const provider = configured();
        try {
          const { url, state } = await provider.begin();
          return lead(url, [cookie(state, OIDC_BEGUN_MS / 1000)]);
        } catch (error) {
          return refused(error);
        }
      },
    }),
    route("GET", "/api/v1/oidc/callback", {
      summary:
        "Where the identity provider sends the browser back to; a person it names is made at the first sign-in",
      access: "open",
      status: 303,
      async handle({ request, address }) {
        const provider = configured();
        try {
          const person = await provider.finish(new URL(request.url).search, cookieOf(request));
          const { name, role, made } = await people.fromProvider(person);
          const { secret } = await people.openSession(name, address);
          const detail = { issuer: provider.issuer, role, ...(made && { made }) };
          await audit.write({ who: `person:${name}`, what: "signed in by OpenID Connect", address, detail });
          return lead("/", [sessionCookie(secret, SESSION_MS / 1000, settings.secure), cookie("", 0)]);
        } catch (error) {
          return refused(error);
        }
      },
    }),
  ];
}
