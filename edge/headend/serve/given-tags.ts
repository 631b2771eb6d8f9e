/**
 * Tags that no other version of the same address had lately. A tag is 32 bits of SHA-256, for nginx in front reads no more
 * (`front-files.ts`): of 4.3 thousand million pairs of versions one has the same, and a box that holds the one would get 304
 * for the other. A region's 500 channels that change a hundred times a day would meet that once in 235 years, but a
 * thousand regions four times a year.
 *
 * Idea: of each address the last versions' tags are remembered with 32 bits more of their hash. A version whose tag is one
 * of another's takes the next 32 bits of its hash. So a tag is made from the content alone, equal on every edge, but for
 * that one case, in which a box that changes edges gets the whole once.
 */

/** Hours of a day, each with and without a cue near, and what is published besides. */
const VERSIONS_MAX = 64;
/** Addresses remembered; a region has hundreds. The one that had no new version for longest goes first. */
const ADDRESSES_MAX = 10_000;
const CHARACTERS = 8;

interface Given {
  tags: Uint32Array;
  /** What tells whose a tag is. */
  others: Uint32Array;
  count: number;
}

export interface GivenTags {
  /**
   * The tag of a version, in base 16.
   *
   * @param digest of its content, SHA-256 in base 16
   */
  give(address: string, digest: string): string;
}

const numberAt = (digest: string, place: number) =>
  Number.parseInt(digest.slice(place, place + CHARACTERS), 16);

export function createGivenTags(): GivenTags {
  const addresses = new Map<string, Given>();
  return {
    give(address, digest) {
      const given = addresses.get(address) ?? {
        ...{ tags: new Uint32Array(VERSIONS_MAX), others: new Uint32Array(VERSIONS_MAX), count: 0 },
      };
      addresses.delete(address);
      addresses.set(address, given);
      if (addresses.size > ADDRESSES_MAX) addresses.delete(addresses.keys().next().value as string);
      const { tags, others, count } = given;
      const most = Math.min(count, VERSIONS_MAX);
      // The end of the hash tells contents apart, whichever part of it is the tag.
      const other = numberAt(digest, digest.length - CHARACTERS);
      for (let place = 0; place + 2 * CHARACTERS <= digest.length; place += CHARACTERS) {
        const tag = numberAt(digest, place);
        let taken = false;
        for (let index = 0; index < most; index++) {
          if (tags[index] !== tag) continue;
          if (others[index] === other) return digest.slice(place, place + CHARACTERS);
          taken = true;
        }
        if (taken) continue;
        tags[count % VERSIONS_MAX] = tag;
        others[count % VERSIONS_MAX] = other;
        given.count++;
        return digest.slice(place, place + CHARACTERS);
      }
      return digest.slice(0, CHARACTERS);
    },
  };
}
