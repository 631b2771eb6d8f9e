/** nginx serving given bytes as a file, with given headers, plain or `gzip_static`: the peer of the pulls. */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { freePort } from "../../shared/runtime/ports.ts";
import { type Nginx, runNginx, wholeConfig } from "../nginx/start-nginx.ts";
import { started } from "./started.ts";

/**
 * One worker, no access log: as fast as it goes. Without the headers that a file has besides (Last-Modified,
 * Accept-Ranges): they cost a tenth of its instructions, and an edge has no use for them.
 *
 * @param tls files to serve it over TLS with, as the shipped configuration does
 * @throws when nginx does not start
 */
export async function startNginx(
  dir: string,
  body: Uint8Array,
  headers: Record<string, string>,
  tls?: { cert: string; key: string },
): Promise<Nginx> {
  const port = await freePort();
  await mkdir(join(dir, "files"), { recursive: true });
  await writeFile(join(dir, "files/body"), body);
  await writeFile(join(dir, "files/body.gz"), gzipSync(body, { level: 6 }));
  const added = Object.entries(headers)
    .map(([name, value]) => `add_header ${name} '${value}' always;`)
    .join("\n      ");
  const secured = tls
    ? `ssl_certificate ${tls.cert}; ssl_certificate_key ${tls.key}; ssl_protocols TLSv1.2 TLSv1.3;
      ssl_session_cache shared:peer:32m; ssl_session_timeout 1d;`
    : "";
  const http = `  access_log off; etag on; keepalive_requests 100000000; sendfile on; default_type application/json;
  gzip_static on; server_tokens off; max_ranges 0;
  server { listen 127.0.0.1:${port} ${tls ? "ssl http2 " : ""}reuseport; ${secured} location / { root ${dir}/files; open_file_cache max=10;
      add_header Last-Modified ''; ${added} } }`;
  return started(
    await runNginx(dir, wholeConfig(dir, http), `http${tls ? "s" : ""}://127.0.0.1:${port}/body`),
  );
}
