/**
 * The archive of a backup: tar in gzip, which any system can look into. The manifest comes first, so that
 * whatever follows is checked as it is read.
 */
import { createHash } from "node:crypto";
import { createReadStream, createWriteStream } from "node:fs";
import { open, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGunzip, createGzip } from "node:zlib";
import { createTarDecoder, createTarPacker, type ParsedTarEntry } from "modern-tar";
import * as v from "valibot";
import { CuecastError, errorMessage } from "../../../shared/errors.ts";
import { syncFolder } from "../../../shared/runtime/files.ts";
import {
  BACKUP_FORMAT,
  type BackupFile,
  type BackupManifest,
  backupManifestSchema,
  MANIFEST_BYTES_MAX,
  MANIFEST_FILE,
} from "./manifest.ts";

/** Databases shrink to a third at once; more effort costs minutes and gains little. */
const GZIP_LEVEL = 1;
const SECRET_MODE = 0o600;

const webStream = (stream: Readable) => Readable.toWeb(stream) as ReadableStream<Uint8Array>;

/** @returns bytes and SHA-256 of a file */
export async function hashFile(path: string): Promise<{ bytes: number; sha256: string }> {
  const hash = createHash("sha256");
  let bytes = 0;
  for await (const chunk of createReadStream(path)) {
    hash.update(chunk as Uint8Array);
    bytes += (chunk as Uint8Array).byteLength;
  }
  return { bytes, sha256: hash.digest("hex") };
}

/**
 * Writes aside, syncs, renames: there is a whole archive or none. Readable by its owner alone.
 *
 * @param folder holds the files that the manifest names
 */
export async function writeArchive(path: string, manifest: BackupManifest, folder: string): Promise<void> {
  const aside = `${path}.part`;
  const { readable, controller } = createTarPacker();
  const mtime = new Date(manifest.madeAtMs);
  const pack = async () => {
    const text = new TextEncoder().encode(`${JSON.stringify(manifest, null, 2)}\n`);
    const head = { size: text.byteLength, mode: SECRET_MODE, mtime };
    await webStream(Readable.from([text])).pipeTo(controller.add({ name: MANIFEST_FILE, ...head }));
    for (const { path: name, bytes } of manifest.files) {
      const entry = controller.add({ name, size: bytes, mode: SECRET_MODE, mtime });
      await webStream(createReadStream(join(folder, name))).pipeTo(entry);
    }
    controller.finalize();
  };
  const packing = pack().catch((error) => {
    controller.error(error);
    throw error;
  });
  try {
    const written = pipeline(
      Readable.fromWeb(readable as never),
      createGzip({ level: GZIP_LEVEL }),
      createWriteStream(aside, { mode: SECRET_MODE, flags: "w" }),
    );
    await Promise.all([packing, written]);
    const file = await open(aside, "r+");
    await file.chmod(SECRET_MODE);
    await file.sync();
    await file.close();
    await rename(aside, path);
  } catch (error) {
    await rm(aside, { force: true });
    throw error;
  }
  await syncFolder(dirname(path));
}

/**
 * Bytes for the tar reader, which is done before they end: what comes behind its end mark, and the check sum of gzip
 * above all, is read by `finish`.
 */
function wholeStream(from: Readable) {
  const chunks = from[Symbol.asyncIterator]() as AsyncIterator<Uint8Array>;
  let failure: unknown;
  const next = async () => {
    try {
      return await chunks.next();
    } catch (error) {
      failure ??= error;
      throw error;
    }
  };
  const stream = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const { done, value } = await next();
      if (done) controller.close();
      else controller.enqueue(value);
    },
  });
  return {
    stream,
    /** @throws what reading threw, now or before */
    async finish(): Promise<void> {
      while (!failure && !(await next()).done);
      if (failure) throw failure;
    },
  };
}

async function readManifest(entry: ParsedTarEntry): Promise<BackupManifest> {
  if (entry.header.name !== MANIFEST_FILE || entry.header.size > MANIFEST_BYTES_MAX) {
    throw new Error(`it does not begin with ${MANIFEST_FILE}: this is no backup of Cuecast`);
  }
  const value = JSON.parse(await new Response(entry.body as ReadableStream<Uint8Array<ArrayBuffer>>).text());
  const format = (value as { format?: unknown } | null)?.format;
  if (typeof format === "number" && format > BACKUP_FORMAT) {
    throw new Error(`it was made by a newer release (format ${format})`);
  }
  const parsed = v.safeParse(backupManifestSchema, value);
  if (!parsed.success) throw new Error(`${MANIFEST_FILE} fails its schema: ${parsed.issues[0].message}`);
  return parsed.output;
}

/**
 * Reads a whole archive, and checks the bytes of every file against the manifest.
 *
 * @param take gets each file's bytes as they come
 * @throws {CuecastError} `backup-damaged`, with the place; `backup-missing`
 */
export async function readArchive(
  path: string,
  take: (file: BackupFile, bytes: AsyncIterable<Uint8Array>) => Promise<void>,
): Promise<BackupManifest> {
  let place = "its beginning";
  let manifest: BackupManifest | undefined;
  const source = createReadStream(path);
  const gunzip = createGunzip();
  source.on("error", (error) => gunzip.destroy(error));
  try {
    const waiting: BackupFile[] = [];
    const { stream, finish } = wholeStream(source.pipe(gunzip));
    for await (const entry of stream.pipeThrough(createTarDecoder({ strict: true }))) {
      place = manifest ? entry.header.name.slice(0, 100) : MANIFEST_FILE;
      if (!manifest) {
        manifest = await readManifest(entry);
        waiting.push(...manifest.files);
        continue;
      }
      const file = waiting.shift();
      if (!file || file.path !== entry.header.name) throw new Error("the manifest does not name it there");
      const hash = createHash("sha256");
      async function* hashed(body: ReadableStream<Uint8Array>) {
        for await (const chunk of body) {
          hash.update(chunk);
          yield chunk;
        }
      }
      await take(file, hashed(entry.body));
      if (hash.digest("hex") !== file.sha256) throw new Error("its bytes are not those that were written");
    }
    const read = place;
    place = "its end";
    await finish();
    place = read;
    if (!manifest) throw new Error("it is empty");
    if (waiting.length > 0) {
      place = waiting[0]?.path ?? "its end";
      throw new Error("it is missing");
    }
    return manifest;
  } catch (cause) {
    const { code } = cause as { code?: string };
    if (code === "ENOENT" || code === "EISDIR" || code === "EACCES") {
      const state = code === "EACCES" ? "this user may not read it" : "there is no such file";
      throw new CuecastError(`Cannot read the backup ${path}: ${state}`, {
        code: "usage",
        status: 400,
        cause,
      });
    }
    // What the disk or the system says is no word on the archive.
    if (cause instanceof CuecastError || (code !== undefined && /^(ENOSPC|EDQUOT|EIO|EROFS)$/.test(code)))
      throw cause;
    throw new CuecastError(
      `Cannot trust the backup ${path}: it is damaged at ${place}: ${errorMessage(cause)}`,
      { code: "backup-damaged", cause },
    );
  } finally {
    source.destroy();
    gunzip.destroy();
  }
}
