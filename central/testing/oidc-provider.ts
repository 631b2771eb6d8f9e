/**
 * An OpenID Connect provider for tests, over real HTTP with real tokens: it checks what a provider must check, signs
 * what it is told to, and can be made to send what does not hold.
 */
import { createHash, randomUUID } from "node:crypto";
import { createServer, type IncomingMessage } from "node:http";
import { exportJWK, generateKeyPair, SignJWT } from "jose";

export interface TestProvider {
  issuer: string;
  /** Claims of whoever signs in next, over the usual ones; `null` leaves one out. */
  claims: Record<string, unknown>;
  /** What is wrong with the next token. */
  fault: "none" | "nonce" | "audience" | "expired" | "issuer" | "key" | "code";
  /** What the token endpoint was asked, the last first. */
  asked: URLSearchParams[];
  close(): Promise<void>;
}

const CLIENT = { id: "cuecast", secret: "s3cret" };
export const TEST_CLIENT = CLIENT;

async function formOf(request: IncomingMessage): Promise<URLSearchParams> {
  let text = "";
  for await (const chunk of request) text += chunk;
  return new URLSearchParams(text);
}

/** @param nowS what it takes for now */
export async function startProvider(nowS: () => number): Promise<TestProvider> {
  const keys = await generateKeyPair("RS256", { extractable: true });
  const others = await generateKeyPair("RS256", { extractable: true });
  const codes = new Map<string, { nonce: string; challenge: string; redirect: string }>();
  const provider: TestProvider = {
    issuer: "",
    claims: {},
    fault: "none",
    asked: [],
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };

  async function idToken(nonce: string): Promise<string> {
    const { fault } = provider;
    const claims = { sub: "u-1", preferred_username: "ann", groups: [], nonce, ...provider.claims };
    const given = Object.fromEntries(Object.entries(claims).filter(([, value]) => value !== null));
    if (fault === "nonce") given.nonce = "another";
    const issuedS = fault === "expired" ? nowS() - 7_200 : nowS();
    return new SignJWT(given)
      .setProtectedHeader({ alg: "RS256", kid: "k1" })
      .setIssuer(fault === "issuer" ? "http://another.test" : provider.issuer)
      .setAudience(fault === "audience" ? "another" : CLIENT.id)
      .setIssuedAt(issuedS)
      .setExpirationTime(issuedS + 3_600)
      .sign(fault === "key" ? others.privateKey : keys.privateKey);
  }

  const server = createServer(async (request, reply) => {
    const url = new URL(request.url ?? "/", provider.issuer);
    const json = (status: number, body: unknown) =>
      reply.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
    if (url.pathname === "/.well-known/openid-configuration") {
      return json(200, {
        issuer: provider.issuer,
        authorization_endpoint: `${provider.issuer}/authorize`,
        token_endpoint: `${provider.issuer}/token`,
        jwks_uri: `${provider.issuer}/keys`,
        response_types_supported: ["code"],
        subject_types_supported: ["public"],
        id_token_signing_alg_values_supported: ["RS256"],
        code_challenge_methods_supported: ["S256"],
        authorization_response_iss_parameter_supported: true,
      });
    }
    if (url.pathname === "/keys")
      return json(200, {
        keys: [{ ...(await exportJWK(keys.publicKey)), kid: "k1", alg: "RS256", use: "sig" }],
      });
    if (url.pathname === "/authorize") {
      const {
        client_id,
        redirect_uri = "",
        state = "",
        nonce = "",
        code_challenge = "",
        code_challenge_method,
      } = Object.fromEntries(url.searchParams);
      if (client_id !== CLIENT.id || code_challenge_method !== "S256" || nonce === "" || state === "")
        return json(400, { error: "invalid_request" });
      const code = randomUUID();
      codes.set(code, { nonce, challenge: code_challenge, redirect: redirect_uri });
      const back = new URL(redirect_uri);
      back.search = new URLSearchParams({ code, state, iss: provider.issuer }).toString();
      return reply.writeHead(302, { location: back.href }).end();
    }
    if (url.pathname === "/token") {
      const form = await formOf(request);
      provider.asked.unshift(form);
      const basic = Buffer.from(`${CLIENT.id}:${CLIENT.secret}`).toString("base64");
      const known =
        request.headers.authorization === `Basic ${basic}` || form.get("client_secret") === CLIENT.secret;
      const code = codes.get(form.get("code") ?? "");
      codes.delete(form.get("code") ?? "");
      const challenge = createHash("sha256")
        .update(form.get("code_verifier") ?? "")
        .digest("base64url");
      if (!known) return json(401, { error: "invalid_client" });
      if (
        !code ||
        code.challenge !== challenge ||
        code.redirect !== form.get("redirect_uri") ||
        provider.fault === "code"
      )
        return json(400, { error: "invalid_grant" });
      const token = { access_token: randomUUID(), token_type: "Bearer", expires_in: 300 };
      return json(200, { ...token, id_token: await idToken(code.nonce) });
    }
    json(404, {});
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  provider.issuer = `http://127.0.0.1:${typeof address === "object" && address ? address.port : 0}`;
  return provider;
}
