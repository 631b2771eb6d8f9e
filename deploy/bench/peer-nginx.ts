/** nginx serving given bytes as a file, with given headers: the peer of the schedule pull. */
import { spawn } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import { userInfo } from "node:os";
import { join } from "node:path";
import { freePort, until } from "../rehearsal/rig.ts";

export interface Peer {
  url: string;
  pid: number;
  stop(): Promise<void>;
}

/** One worker, no access log: as fast as it goes. @throws when nginx is not installed */
export async function startNginx(
  dir: string,
  body: Uint8Array,
  headers: Record<string, string>,
): Promise<Peer> {
  const port = await freePort();
  await mkdir(join(dir, "files"), { recursive: true });
  await writeFile(join(dir, "files/schedule"), body);
  const added = Object.entries(headers)
    .map(([name, value]) => `add_header ${name} '${value}' always;`)
    .join("\n      ");
  // Started by root its worker would be somebody who may not look into a temporary directory.
  const { uid, username } = userInfo();
  const config = `${uid === 0 ? `user ${username}; ` : ""}daemon off; worker_processes 1; pid ${dir}/nginx.pid; error_log ${dir}/error.log;
events { worker_connections 1024; }
http {
  access_log off; etag on; keepalive_requests 100000000; sendfile on; default_type application/json;
  client_body_temp_path ${dir}/t1; proxy_temp_path ${dir}/t2; fastcgi_temp_path ${dir}/t3;
  uwsgi_temp_path ${dir}/t4; scgi_temp_path ${dir}/t5;
  server { listen 127.0.0.1:${port} reuseport; location / { root ${dir}/files; open_file_cache max=10;
      ${added} } }
}`;
  await writeFile(join(dir, "nginx.conf"), config);
  const child = spawn("nginx", ["-c", join(dir, "nginx.conf"), "-p", dir], {
    stdio: ["ignore", "ignore", "inherit"],
  });
  const failed = new Promise<never>((_, reject) =>
    child.once("error", () =>
      reject(new Error("Cannot measure: nginx is not installed (Debian package nginx)")),
    ),
  );
  const url = `http://127.0.0.1:${port}/schedule`;
  await Promise.race([failed, until("nginx to serve", async () => (await fetch(url)).ok)]);
  failed.catch(() => {});
  return {
    url,
    pid: child.pid ?? 0,
    async stop() {
      child.kill("SIGTERM");
      await new Promise((resolve) => child.once("exit", resolve));
    },
  };
}
