import assert from "node:assert/strict";
import { mkdir, mkdtemp, readdir, readFile, rename, rm, stat, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { silentLog } from "../../../shared/log.ts";
import { packedPath, writePackedCopy } from "../platform/packed-copy.ts";
import { createPublicationFiles } from "../platform/publication-files.ts";
import { createSigner, writeAir } from "../testing/sample-publication.ts";
import { createPublications, publicationName } from "./publications.ts";

const signer = createSigner();

async function withStore(
  run: (parts: {
    folder: string;
    open: () => ReturnType<typeof createPublications>;
    promote: (epoch: number, revision: number) => Promise<string>;
  }) => Promise<void>,
) {
  const data = await mkdtemp(join(tmpdir(), "cuecast-publications-"));
  const folder = join(data, "publications");
  const open = () =>
    createPublications(
      { files: createPublicationFiles(folder), log: silentLog },
      { publicationKey: signer.publicPem },
    );
  const store = open();
  const promote = async (epoch: number, revision: number) => {
    const { position, statements } = signer.publication(epoch, revision, `"${epoch}/${revision}"`);
    const candidate = join(data, "candidate.db");
    await writeAir(candidate, statements);
    await store.promote(candidate, (await store.open(candidate)).position);
    return publicationName(position);
  };
  try {
    await run({ folder, open, promote });
  } finally {
    await rm(data, { recursive: true, force: true });
  }
}

/** Changes one bit where the file holds that text. */
async function flipBit(path: string, where: string) {
  const bytes = await readFile(path);
  const at = bytes.indexOf(where);
  assert.ok(at > 0);
  bytes[at + 1] = (bytes[at + 1] as number) ^ 1;
  await writeFile(path, bytes);
}

test("promote() keeps the last good one and the one before", () =>
  withStore(async ({ folder, open, promote }) => {
    const names = [];
    for (const revision of [1, 2, 9, 10]) names.push(await promote(1, revision));
    assert.deepEqual((await readdir(folder)).sort(), names.slice(-2).sort());
    const { publication, damage } = await open().loadLastGood();
    assert.equal(publication?.position.revision, 10);
    assert.equal(publication?.content.get("channels")?.get("cctv1"), '"1/10"');
    assert.deepEqual(publication?.content.get("images")?.get("00"), new Uint8Array([1, 2, 3]));
    assert.deepEqual(damage, []);
  }));

test("loadLastGood() goes by epoch before revision, and finds nothing in an empty folder", () =>
  withStore(async ({ open, promote }) => {
    assert.deepEqual(await open().loadLastGood(), { publication: undefined, damage: [] });
    await promote(1, 10);
    await promote(2, 1);
    assert.equal((await open().loadLastGood()).publication?.position.epoch, 2);
  }));

test("loadLastGood() where a file stands in the folder's place says so, and takes what was synced last", () =>
  withStore(async ({ folder, open }) => {
    await writeFile(folder, "in the way");
    const inTheWay = "publications: a file stands where a directory should, or the reverse";
    assert.deepEqual(await open().loadLastGood(), { publication: undefined, damage: [inTheWay] });
    const replicaFile = join(folder, "..", "air.db");
    const { position, statements } = signer.publication(1, 2, '"1/2"');
    await writeAir(replicaFile, statements);
    const rescue = { replicaFile, into: join(folder, "..", "candidate.db") };
    const { publication, damage } = await createPublications(
      { files: createPublicationFiles(folder, { rescue }), log: silentLog },
      { publicationKey: signer.publicPem },
    ).loadLastGood();
    assert.deepEqual(publication?.position, position);
    assert.equal(damage[0], inTheWay);
    assert.match(damage[1] ?? "", /\.db: it is served, and could not be kept: EEXIST/);
  }));

test("loadLastGood() passes over a newest copy with a flipped bit, a torn one and a renamed one", () =>
  withStore(async ({ folder, open, promote }) => {
    const good = await promote(1, 1);
    const newest = await promote(1, 2);
    await flipBit(join(folder, newest), '"1/2"');
    const first = await open().loadLastGood();
    assert.equal(first.publication?.position.revision, 1);
    assert.match(first.damage.join(), /part channels does not match its hash/);

    await writeFile(join(folder, newest), (await readFile(join(folder, newest))).subarray(0, 5000));
    const second = await open().loadLastGood();
    assert.equal(second.publication?.position.revision, 1);
    assert.equal(second.damage.length, 1);

    await writeFile(join(folder, newest), "");
    assert.equal((await open().loadLastGood()).publication?.position.revision, 1);

    await rename(join(folder, good), join(folder, "1-7-0123456789ab.db"));
    const last = await open().loadLastGood();
    assert.equal(last.publication?.position.revision, 1);
    assert.match(last.damage.join(), /another publication than its name says/);
    assert.equal(last.damage.length, 2);
    assert.equal((await readdir(folder)).length, 2);
  }));

test("loadLastGood() serves the newest of two copies whose names were swapped", () =>
  withStore(async ({ folder, open, promote }) => {
    const [one, two] = [join(folder, await promote(1, 1)), join(folder, await promote(1, 2))];
    await rename(one, `${one}.aside`);
    await rename(two, one);
    await rename(`${one}.aside`, two);
    const { publication, damage } = await open().loadLastGood();
    assert.equal(publication?.position.revision, 2);
    assert.equal(damage.length, 2);
  }));

test("loadLastGood() takes a copy of the replica when no copy holds, and keeps it", () =>
  withStore(async ({ folder, promote }) => {
    const gone = await promote(1, 1);
    await writeFile(join(folder, gone), "damaged");
    const replicaFile = join(folder, "..", "air.db");
    const { position, statements } = signer.publication(1, 2, '"1/2"');
    await writeAir(replicaFile, statements);
    const open = () =>
      createPublications(
        {
          files: createPublicationFiles(folder, {
            rescue: { replicaFile, into: join(folder, "..", "candidate.db") },
          }),
          log: silentLog,
        },
        { publicationKey: signer.publicPem },
      );
    assert.deepEqual((await open().loadLastGood()).publication?.position, position);
    assert.deepEqual(await readdir(folder), [publicationName(position)]);
    await writeFile(replicaFile, "damaged");
    await writeFile(join(folder, publicationName(position)), "damaged");
    assert.equal((await open().loadLastGood()).publication, undefined);
  }));

test("promote() after damage drops the damaged copy and keeps the good one", () =>
  withStore(async ({ folder, promote, open }) => {
    const good = await promote(1, 1);
    const bad = await promote(1, 2);
    await flipBit(join(folder, bad), '"1/2"');
    const store = open();
    await store.loadLastGood();
    const { position, statements } = signer.publication(1, 3, '"1/3"');
    const candidate = join(folder, "..", "candidate.db");
    await writeAir(candidate, statements);
    await store.promote(candidate, position);
    assert.deepEqual((await readdir(folder)).sort(), [good, publicationName(position)].sort());
  }));

test("open() refuses another signer's publication", () =>
  withStore(async ({ folder, open }) => {
    const path = join(folder, "..", "candidate.db");
    await writeAir(path, createSigner().publication(1, 1, '"x"').statements);
    await assert.rejects(open().open(path), { code: "manifest-refused" });
  }));

const packed = (folder: string, name: string) => packedPath(join(folder, name));

async function packNewest(store: ReturnType<typeof createPublications>) {
  const { publication } = await store.loadLastGood();
  assert.ok(publication);
  assert.ok(await writePackedCopy(publication.path, publication));
}

test("open() reads a candidate's packed form, and promote() brings it along", () =>
  withStore(async ({ folder, open }) => {
    const candidate = join(folder, "..", "candidate.db");
    const { position, statements } = signer.publication(1, 1, '"1/1"');
    await writeAir(candidate, statements);
    // A moment that can be set again: what the system gives has a finer clock than `utimes`.
    const mtime = new Date(1_795_420_800_000);
    await utimes(candidate, mtime, mtime);
    const read = await open().open(candidate);
    assert.ok(await writePackedCopy(candidate, read));
    const database = await readFile(candidate);
    // As long as the database, and from the same moment: it is the packed form that is read.
    await writeFile(candidate, Buffer.alloc(database.length));
    await utimes(candidate, mtime, mtime);
    assert.deepEqual((await open().open(candidate)).position, position);
    await assert.rejects(open().openDatabase(candidate), { code: "air-damaged" });
    await writeFile(candidate, database);
    await utimes(candidate, mtime, mtime);
    const name = publicationName(position);
    assert.equal(await open().promote(candidate, position), join(folder, name));
    const there = await readdir(folder);
    assert.deepEqual(there.sort(), [name, name.replace(/db$/, "packed")]);
    assert.deepEqual((await open().loadLastGood()).publication?.position, position);
  }));

test("loadLastGood() reads the packed form where that holds, and the database wherever it does not", () =>
  withStore(async ({ folder, open, promote }) => {
    const name = await promote(1, 2);
    const path = packed(folder, name);
    const load = async () => {
      const { publication, damage } = await open().loadLastGood();
      assert.equal(publication?.position.revision, 2);
      assert.equal(publication?.path, join(folder, name));
      assert.equal(publication?.content.get("channels")?.get("cctv1"), '"1/2"');
      assert.deepEqual(publication?.content.get("images")?.get("00"), new Uint8Array([1, 2, 3]));
      return damage;
    };
    await packNewest(open());
    const whole = await readFile(path);
    for (let at = 0; at < whole.length; at += 7) {
      const damaged = Buffer.from(whole);
      damaged[at] = (damaged[at] as number) ^ 4;
      await writeFile(path, at % 2 === 0 ? damaged : whole.subarray(0, at));
      assert.deepEqual(await load(), []);
    }
    // What the database does not hold any more comes from the packed form, and is told.
    await writeFile(path, whole);
    await writeFile(join(folder, name), "");
    assert.equal((await load()).length, 1);
  }));

test("loadLastGood() does not take another publication's packed form for the newest", () =>
  withStore(async ({ folder, open, promote }) => {
    const older = await promote(1, 1);
    await packNewest(open());
    const newest = await promote(1, 2);
    const { mtime } = await stat(join(folder, older));
    await rename(packed(folder, older), packed(folder, newest));
    await utimes(join(folder, newest), mtime, mtime);
    assert.equal((await open().loadLastGood()).publication?.position.revision, 2);
  }));

test("loadLastGood() asks the database where another stands beside the packed form", () =>
  withStore(async ({ folder, open, promote }) => {
    const older = await promote(1, 1);
    await packNewest(open());
    const newest = await promote(1, 2);
    await rename(join(folder, newest), join(folder, older));
    assert.equal((await open().loadLastGood()).publication?.position.revision, 2);
  }));

test("pack() gives a copy the packed form that it lacks, and leaves alone the one that it has", () =>
  withStore(async ({ folder, open, promote }) => {
    const name = await promote(1, 1);
    const store = open();
    const loaded = (await store.loadLastGood()).publication;
    assert.ok(loaded);
    await store.pack(loaded);
    const written = await readFile(packed(folder, name));
    assert.ok(written.length > 0);
    await writeFile(packed(folder, name), "there is one");
    await store.pack(loaded);
    assert.equal(await readFile(packed(folder, name), "utf8"), "there is one");
    await writeFile(packed(folder, name), written);
    await writeFile(join(folder, name), "");
    assert.equal((await open().loadLastGood()).publication?.position.revision, 1);
  }));

test("a packed form that was left half written is none: pack() writes it anew, and the next promotion removes it", () =>
  withStore(async ({ folder, open, promote }) => {
    const name = await promote(1, 1);
    const loaded = (await open().loadLastGood()).publication;
    assert.ok(loaded);
    // A writer that cannot take its place: what it wrote stays beside.
    await mkdir(packed(folder, name));
    const half = packed(folder, name.replace(".db", ".writing.db"));
    await assert.rejects(writePackedCopy(join(folder, name), loaded));
    assert.deepEqual((await readdir(folder)).sort(), [name, name.replace(".db", ".packed")]);
    await rm(packed(folder, name), { recursive: true });
    await writeFile(half, "half of it");
    await open().pack(loaded);
    assert.ok((await readFile(packed(folder, name))).length > 0);
    await writeFile(half, "half of it");
    await promote(1, 2);
    assert.ok(!(await readdir(folder)).some((left) => left.includes(".writing.")));
  }));

test("pack() writes nothing beside a copy under another's name, and survives a folder that went", () =>
  withStore(async ({ folder, open, promote }) => {
    const name = await promote(1, 1);
    const loaded = (await open().loadLastGood()).publication;
    assert.ok(loaded);
    await rename(join(folder, name), join(folder, name.replace("1-1", "1-2")));
    await open().pack({ ...loaded, path: join(folder, name.replace("1-1", "1-2")) });
    assert.deepEqual(await readdir(folder), [name.replace("1-1", "1-2")]);
    await rm(folder, { recursive: true });
    await open().pack(loaded);
  }));

test("promote() removes packed forms whose database went", () =>
  withStore(async ({ folder, open, promote }) => {
    await promote(1, 1);
    await packNewest(open());
    for (const revision of [2, 3]) await promote(1, revision);
    assert.equal((await readdir(folder)).filter((name) => name.endsWith(".packed")).length, 0);
  }));
