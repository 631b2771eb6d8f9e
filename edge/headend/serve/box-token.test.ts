import assert from "node:assert/strict";
import { createHash, generateKeyPairSync } from "node:crypto";
import { test } from "node:test";
import { SignJWT } from "jose";
import { answersBody, post, problemOf, start } from "./_edge-app.ts";
import { HOUR, NOW, standingClock } from "./_sample-publication.ts";
import { createBoxCheck } from "./box-token.ts";

test("where box tokens are demanded, the token's subject is the box", async () => {
  // Long past by the real clock: only the edge's own may decide.
  const THEN = NOW - 10_000 * HOUR;
  const keys = generateKeyPairSync("ed25519");
  const others = generateKeyPairSync("ed25519");
  const pem = keys.publicKey.export({ type: "spki", format: "pem" }).toString();
  const revoked = new Map<string, { revokedAtMs: number }>();
  const { ask } = start({ checkBox: await createBoxCheck(pem, standingClock(THEN), () => revoked) });
  const token = (subject: string, key = keys.privateKey, expiresMs = THEN + HOUR) =>
    new SignJWT({})
      .setProtectedHeader({ alg: "EdDSA" })
      .setSubject(subject)
      .setIssuedAt(Math.floor((THEN - 60_000) / 1000))
      .setExpirationTime(Math.floor(expiresMs / 1000))
      .sign(key);
  const withToken = async (authorization: string | undefined) =>
    await ask("/v1/answers", post(answersBody(), authorization === undefined ? {} : { authorization }));
  const table: [string | undefined, number][] = [
    [`Bearer ${await token("box-7f3a")}`, 200],
    [`bearer ${await token("box-7f3a")}`, 200],
    [`Bearer ${await token("another")}`, 403],
    [`Bearer ${await token("box-7f3a", others.privateKey)}`, 401],
    [`Bearer ${await token("box-7f3a", keys.privateKey, THEN - 1000)}`, 401],
    ["Bearer x.y.z", 401],
    ["Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiJib3gtN2YzYSJ9.", 401],
    ["Basic abc", 401],
    [undefined, 401],
  ];
  for (const [authorization, status] of table) {
    const reply = await withToken(authorization);
    assert.equal(reply.status, status, authorization);
    if (status === 401) assert.match(reply.headers.get("www-authenticate") ?? "", /^Bearer/);
    if (status !== 200) await problemOf(reply);
  }
  const good = `Bearer ${await token("box-7f3a")}`;
  const hash = createHash("sha256").update("box-7f3a").digest("hex");
  revoked.set(hash, { revokedAtMs: THEN - 5_000 });
  assert.equal((await withToken(good)).status, 200, "issued after the revocation");
  revoked.set(hash, { revokedAtMs: THEN });
  assert.equal((await withToken(good)).status, 401, "issued before the revocation");
});
