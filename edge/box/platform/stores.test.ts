import assert from "node:assert/strict";
import { mkdtemp, readdir, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import type { Store, StoreEntry } from "../ports.ts";
import { createFileStore } from "./store-file.ts";
import { createLocalStore, type LocalStorage } from "./store-local.ts";
import { createMemoryStore } from "./store-memory.ts";

const load = (store: Store) => new Promise<StoreEntry[]>((resolve) => store.load(resolve));
const put = (store: Store, key: string, text: string) =>
  new Promise<boolean>((resolve) => store.put(key, text, resolve));
const sorted = (entries: StoreEntry[]) => entries.map(({ key, text }) => `${key}=${text}`).sort();

async function withFolder(run: (folder: string) => Promise<void>) {
  const folder = await mkdtemp(join(tmpdir(), "cuecast-box-"));
  try {
    await run(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function fakeStorage(room = Number.POSITIVE_INFINITY): LocalStorage & { items: [string, string][] } {
  const items: [string, string][] = [];
  const at = (key: string) => items.findIndex(([name]) => name === key);
  return {
    items,
    get length() {
      return items.length;
    },
    key: (index) => items[index]?.[0] ?? null,
    getItem: (key) => items[at(key)]?.[1] ?? null,
    setItem(key, value) {
      if (value.length > room) throw new Error("QuotaExceededError");
      if (at(key) >= 0) items.splice(at(key), 1);
      items.push([key, value]);
    },
    removeItem(key) {
      if (at(key) >= 0) items.splice(at(key), 1);
    },
  };
}

test("every store gives back what was put last, under keys with any of an id's characters", () =>
  withFolder(async (folder) => {
    const storage = fakeStorage();
    const stores = [
      () => createFileStore(join(folder, "new", "box")),
      () => createLocalStore(storage, "b") as Store,
    ];
    const memory = createMemoryStore();
    for (const open of [...stores, () => memory]) {
      const store = open();
      assert.deepEqual(await load(store), []);
      assert.equal(await put(store, "fired/pl7.2:p1.0~x", "one"), true);
      await put(store, "fired/pl7.2:p1.0~x", "two");
      await put(store, "clock", "红队");
      await put(store, "answer/gone", "x");
      store.remove("answer/gone");
      store.remove("answer/never-there");
      // Waits for the removals, too.
      await load(store);
      assert.deepEqual(sorted(await load(open())), ["clock=红队", "fired/pl7.2:p1.0~x=two"]);
    }
  }));

test("createFileStore() keeps entries of ids that are colons throughout, and those of earlier releases", () =>
  withFolder(async (folder) => {
    const store = createFileStore(folder);
    const long = ["fired", "schedule", "answer"].map((kind) => `${kind}/${":".repeat(128)}`);
    long.push(`interaction/${":".repeat(128)}@9007199254740991`);
    for (const key of long) assert.equal(await put(store, key, "x"), true, key);
    const names = await readdir(folder);
    assert.ok(
      names.every((name) => name.length <= 200),
      names.join(),
    );
    // As it was always written.
    await writeFile(join(folder, "fired%2Fpl1%3Aonce.entry"), "old");
    await put(store, "fired/pl1:once", "new");
    const expected = long.map((key) => `${key}=x`).concat(["fired/pl1:once=new"]);
    assert.deepEqual(sorted(await load(store)), expected.sort());
    for (const key of long) store.remove(key);
    assert.deepEqual(sorted(await load(store)), ["fired/pl1:once=new"]);
  }));

test("createFileStore() overlooks what a power cut left of a write, and foreign files", () =>
  withFolder(async (folder) => {
    const store = createFileStore(folder);
    await put(store, "clock", "whole");
    await writeFile(join(folder, "clock.entry.77.tmp"), "ha");
    await writeFile(join(folder, "notes.txt"), "mine");
    await writeFile(join(folder, "%E0%A4%A.entry"), "no key");
    assert.deepEqual(sorted(await load(createFileStore(folder))), ["clock=whole"]);
    assert.deepEqual(
      (await readdir(folder)).filter((name) => name.endsWith(".tmp")),
      [],
    );
  }));

test("createFileStore() lets nobody else read what it keeps", () =>
  withFolder(async (folder) => {
    await put(createFileStore(folder), "secret", "1 2 3 4");
    assert.equal((await stat(join(folder, "secret.entry"))).mode & 0o777, 0o600);
  }));

test("createFileStore() says that a write failed, and goes on", () =>
  withFolder(async (folder) => {
    await writeFile(join(folder, "file"), "in the way");
    const store = createFileStore(join(folder, "file"));
    assert.equal(await put(store, "clock", "x"), false);
    store.remove("clock");
    assert.deepEqual(await load(store), []);
  }));

test("createLocalStore() is null where the browser forbids storage", () => {
  assert.equal(createLocalStore(fakeStorage(0), "b"), null);
});

test("createLocalStore() that is full at the start still tells what was fired, and takes what there is room for", async () => {
  const storage = fakeStorage(3);
  storage.items.push(["cuecast/b/fired/pl1:once", "mark"], ["cuecast/other/clock", "1"]);
  // Not even the probe fits.
  const full = { ...storage, key: storage.key, length: 2, setItem: () => assert.fail("QuotaExceededError") };
  const store = createLocalStore(full, "b") as Store;
  assert.deepEqual(sorted(await load(store)), ["fired/pl1:once=mark"]);
  assert.equal(await put(store, "fired/pl2:once", "mark"), false);
  assert.equal(createLocalStore(full, "new"), null);
});

test("createLocalStore() says that there is no room, and keeps the old text", async () => {
  const store = createLocalStore(fakeStorage(10), "b") as Store;
  await put(store, "clock", "old");
  assert.equal(await put(store, "clock", "much too long"), false);
  assert.deepEqual(sorted(await load(store)), ["clock=old"]);
});

test("createLocalStore() keeps boxes of one browser apart, and leaves other items alone", async () => {
  const storage = fakeStorage();
  storage.setItem("theme", "dark");
  const one = createLocalStore(storage, "a") as Store;
  const other = createLocalStore(storage, "ab") as Store;
  await put(one, "clock", "1");
  await put(other, "clock", "2");
  assert.deepEqual(sorted(await load(one)), ["clock=1"]);
  assert.deepEqual(sorted(await load(other)), ["clock=2"]);
});
