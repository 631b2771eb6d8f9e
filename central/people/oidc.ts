/**
 * Signing in by OpenID Connect: the authorization code flow with PKCE, state and nonce. What a provider's tokens must
 * hold is checked by openid-client; which role its groups give is checked here.
 */
import {
  allowInsecureRequests,
  authorizationCodeGrant,
  buildAuthorizationUrl,
  type Configuration,
  calculatePKCECodeChallenge,
  customFetch,
  discovery,
  enableNonRepudiationChecks,
  randomNonce,
  randomPKCECodeVerifier,
  randomState,
} from "openid-client";
import { CuecastError, causeMessage } from "../../shared/errors.ts";
import type { Log } from "../../shared/log.ts";
import type { Clock } from "../../shared/time/clock.ts";
import { ROLES, type Role } from "./roles.ts";

export interface OidcSettings {
  issuer: string;
  clientId: string;
  clientSecret: string;
  /** Where the provider sends people back to: `<public URL>/api/v1/oidc/callback`. */
  redirectUrl: string;
  /** The claim with a person's groups: a list, or one. */
  roleClaim: string;
  /** Role by group; of several the highest. */
  roles: ReadonlyMap<string, Role>;
}

/** Whom the provider let in. */
export interface OidcPerson {
  /** Unique for the issuer. */
  subject: string;
  /** What to call them, when it can be an id. */
  name: string;
  role: Role;
}

export interface Oidc {
  issuer: string;
  /** @returns where to send the browser, and what it must bring back in a cookie */
  begin(): Promise<{ url: string; state: string }>;
  /**
   * @param search of the address that the provider sent the browser to
   * @param state from the browser's cookie
   * @throws {CuecastError} 401 `oidc-refused`, `oidc-expired`; 403 `oidc-no-role`; 503 `oidc-unreachable`
   */
  finish(search: string, state: string | undefined): Promise<OidcPerson>;
}

/** A person has so long to sign in at the provider. */
export const OIDC_BEGUN_MS = 600_000;
/** Begun at once; the oldest make room. */
const BEGUN_MAX = 1_000;
/** A provider changes its addresses seldom, its keys by itself. */
const DISCOVERY_KEPT_MS = 3_600_000;
const TIMEOUT_S = 10;
/** The highest first. */
const BY_RANK: readonly Role[] = [...ROLES].reverse();
const NAME_CLAIMS = ["preferred_username", "email", "sub"];

const isLoopback = (url: URL) => ["127.0.0.1", "localhost", "[::1]"].includes(url.hostname);

/** `cuecast-admins=admin,editors=editor`. @throws {CuecastError} `usage` */
export function readRoleMap(text: string): Map<string, Role> {
  const found = new Map<string, Role>();
  for (const pair of text.split(",").filter((each) => each.trim() !== "")) {
    const at = pair.lastIndexOf("=");
    const [group, role] = [pair.slice(0, at).trim(), pair.slice(at + 1).trim()];
    if (at < 1 || group === "" || !(ROLES as readonly string[]).includes(role)) {
      throw new CuecastError(
        `Cannot take --oidc-roles ${pair}: it is GROUP=ROLE, a role one of ${ROLES.join(", ")}`,
        { code: "usage", status: 400 },
      );
    }
    found.set(group, role as Role);
  }
  return found;
}

const nameFrom = (claims: Record<string, unknown>): string => {
  for (const claim of NAME_CLAIMS) {
    const value = String(claims[claim] ?? "").replaceAll(/[^A-Za-z0-9._:~-]/g, "-");
    if (value !== "") return value.slice(0, 100);
  }
  return "somebody";
};

export function createOidc(
  settings: OidcSettings,
  { fetch, clock, log }: { fetch: typeof globalThis.fetch; clock: Clock; log: Log },
): Oidc {
  const begun = new Map<string, { verifier: string; nonce: string; untilMs: number }>();
  let found: { configuration: Configuration; untilMs: number } | undefined;

  async function configuration(): Promise<Configuration> {
    if (found && found.untilMs > clock.monotonicMs()) return found.configuration;
    const issuer = new URL(settings.issuer);
    const configured = await discovery(issuer, settings.clientId, settings.clientSecret, undefined, {
      [customFetch]: fetch as never,
      timeout: TIMEOUT_S,
      // By itself it trusts TLS to the token endpoint and leaves the ID token's signature alone. A provider on this
      // machine needs no TLS; any other does.
      execute: [enableNonRepudiationChecks, ...(isLoopback(issuer) ? [allowInsecureRequests] : [])],
    });
    found = { configuration: configured, untilMs: clock.monotonicMs() + DISCOVERY_KEPT_MS };
    return configured;
  }

  /** @throws {CuecastError} */
  function fail(cause: unknown): never {
    const why = causeMessage(cause);
    log.warn("oidc-failed", { why });
    const { code } = cause as { code?: unknown };
    // What it says no to, and what does not hold, is an answer; anything else is a line that fails.
    if (typeof code === "string" && /^OAUTH_(?!TIMEOUT)/.test(code)) {
      throw new CuecastError("Cannot sign in: the identity provider refused, or what it sent does not hold", {
        code: "oidc-refused",
        status: 401,
        cause,
      });
    }
    throw new CuecastError(`Cannot reach the identity provider: ${why}`, {
      code: "oidc-unreachable",
      status: 503,
      retryable: true,
      cause,
    });
  }

  function roleOf(claims: Record<string, unknown>): Role | undefined {
    const claim = claims[settings.roleClaim];
    const groups = (Array.isArray(claim) ? claim : [claim]).map(String);
    const given = new Set(groups.map((group) => settings.roles.get(group)));
    return BY_RANK.find((role) => given.has(role));
  }

  return {
    issuer: settings.issuer,
    async begin() {
      const config = await configuration().catch(fail);
      const [state, nonce, verifier] = [randomState(), randomNonce(), randomPKCECodeVerifier()];
      if (begun.size >= BEGUN_MAX) begun.delete(begun.keys().next().value as string);
      begun.set(state, { verifier, nonce, untilMs: clock.monotonicMs() + OIDC_BEGUN_MS });
      const url = buildAuthorizationUrl(config, {
        redirect_uri: settings.redirectUrl,
        scope: "openid profile email",
        code_challenge: await calculatePKCECodeChallenge(verifier),
        code_challenge_method: "S256",
        ...{ state, nonce },
      });
      return { url: url.href, state };
    },
    async finish(search, state) {
      const own = state === undefined ? undefined : begun.get(state);
      // Once only, whatever becomes of it.
      if (state !== undefined) begun.delete(state);
      if (!own || own.untilMs < clock.monotonicMs() || state === undefined) {
        throw new CuecastError(
          "Cannot sign in: this was not begun in this browser, or too long ago; begin again",
          {
            code: "oidc-expired",
            status: 401,
          },
        );
      }
      const address = new URL(settings.redirectUrl);
      address.search = search;
      const config = await configuration().catch(fail);
      const tokens = await authorizationCodeGrant(config, address, {
        pkceCodeVerifier: own.verifier,
        expectedState: state,
        expectedNonce: own.nonce,
        idTokenExpected: true,
      }).catch(fail);
      const claims = tokens.claims();
      if (!claims) return fail(Object.assign(new Error("no claims"), { code: "OAUTH_NO_CLAIMS" }));
      const role = roleOf(claims);
      if (!role) {
        throw new CuecastError("Cannot let you in: none of your groups has a role here; ask an admin", {
          code: "oidc-no-role",
          status: 403,
        });
      }
      return { subject: `${claims.iss}\n${claims.sub}`, name: nameFrom(claims), role };
    },
  };
}
