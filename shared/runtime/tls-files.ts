/** What a TLS server needs of the disk: its certificate and its key. */
import { createPrivateKey, X509Certificate } from "node:crypto";
import { readFile } from "node:fs/promises";
import { CuecastError, errorMessage } from "../errors.ts";

export interface TlsFiles {
  /** PEM: the server's own certificate first, then those between it and the authority. */
  cert: string;
  /** PEM. */
  key: string;
  /** When the server's own certificate ends. */
  endsAtMs: number;
}

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g;

const refuse = (path: string, state: string, cause?: unknown) =>
  new CuecastError(`Cannot use ${path}: ${state}`, { code: "tls-files", status: 400, cause });

async function read(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (cause) {
    const missing = (cause as { code?: string }).code === "ENOENT";
    throw refuse(path, missing ? "there is no such file" : errorMessage(cause), cause);
  }
}

function certificatesIn(path: string, text: string): X509Certificate[] {
  const found = text.match(CERTIFICATE) ?? [];
  if (found.length === 0) throw refuse(path, "it holds no certificate in PEM");
  try {
    return found.map((pem) => new X509Certificate(pem));
  } catch (cause) {
    throw refuse(path, "a certificate in it cannot be read", cause);
  }
}

/**
 * A server's certificate and key; undefined when neither is named.
 *
 * @throws {CuecastError} `tls-files` when only one is named, a file is no PEM, or the key is another's
 */
export async function loadTlsFiles(
  certPath: string | undefined,
  keyPath: string | undefined,
): Promise<TlsFiles | undefined> {
  if (certPath === undefined && keyPath === undefined) return undefined;
  if (certPath === undefined || keyPath === undefined) {
    throw new CuecastError("Cannot serve TLS: --tls-cert and --tls-key go together", {
      code: "tls-files",
      status: 400,
    });
  }
  const cert = await read(certPath);
  const [own] = certificatesIn(certPath, cert);
  const key = await read(keyPath);
  let matches: boolean;
  try {
    matches = own?.checkPrivateKey(createPrivateKey(key)) ?? false;
  } catch (cause) {
    throw refuse(keyPath, "it holds no private key in PEM without a password", cause);
  }
  if (!matches) throw refuse(keyPath, `it is not the key of the certificate in ${certPath}`);
  return { cert, key, endsAtMs: own?.validToDate.getTime() ?? 0 };
}
