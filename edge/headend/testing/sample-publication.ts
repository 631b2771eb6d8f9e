/** For this folder's tests: signed publications, as rows of `air`. */
import { generateKeyPairSync } from "node:crypto";
import { pathToFileURL } from "node:url";
import { createClient, type InStatement } from "@libsql/client";
import { AIR_TABLES } from "../../../shared/publication/air-tables.ts";
import { historyKey } from "../../../shared/publication/entries.ts";
import { hashParts, type Position, signManifest } from "../../../shared/publication/manifest.ts";
import type { Body, Content } from "../../../shared/publication/part.ts";

export function createSigner() {
  const { publicKey, privateKey } = generateKeyPairSync("ed25519");
  const publicPem = publicKey.export({ type: "spki", format: "pem" }).toString();
  const privatePem = privateKey.export({ type: "pkcs8", format: "pem" }).toString();

  /** @param earlier what its history names */
  function publication(epoch: number, revision: number, text: string, earlier: readonly Position[] = []) {
    const history = earlier.map((one): [string, Body] => [
      historyKey(one.epoch, one.revision),
      JSON.stringify({ hash: one.hash, publishedAtMs: 1 }),
    ]);
    const content: Content = new Map([
      ["channels", new Map<string, Body>([["cctv1", text]])],
      ["images", new Map<string, Body>([["00", new Uint8Array([1, 2, 3])]])],
      ["history", new Map(history)],
    ]);
    const manifest = { epoch, revision, publishedAtMs: 1_795_431_900_000, parts: hashParts(content) };
    const signed = signManifest(manifest, privatePem);
    const statements: InStatement[] = [...AIR_TABLES, "DELETE FROM entry", "DELETE FROM manifest"];
    for (const [part, entries] of content) {
      for (const [key, body] of entries) {
        statements.push({ sql: "INSERT INTO entry VALUES (?, ?, ?)", args: [part, key, body] });
      }
    }
    statements.push({
      sql: "INSERT INTO manifest VALUES (1, ?, ?, ?, ?, ?)",
      args: [epoch, revision, signed.hash, signed.body, signed.signature],
    });
    const position: Position = { epoch, revision, hash: signed.hash };
    return { position, statements };
  }
  return { publicPem, publication };
}

/** Writes a publication into a file of its own. */
export async function writeAir(path: string, statements: InStatement[]): Promise<void> {
  const client = createClient({ url: pathToFileURL(path).href, concurrency: 1 });
  await client.batch(statements, "write");
  client.close();
}
