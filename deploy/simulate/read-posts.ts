/** What boxes post, read once: a box sends the same body, word for word, until an edge takes it. */

export interface ReadPosts<Message> {
  read(kind: string, body: string): Message;
}

/** A body begins with the name of its box: `{"box":"box-7",`. */
const NAME_FROM = '{"box":"'.length;

export function createReadPosts<Message>(): ReadPosts<Message> {
  /** The last body of each kind and box. */
  const read = new Map<string, { body: string; message: Message }>();
  return {
    read(kind, body) {
      const from = `${kind} ${body.slice(NAME_FROM, body.indexOf('"', NAME_FROM))}`;
      let entry = read.get(from);
      if (entry?.body !== body) {
        entry = { body, message: JSON.parse(body) as Message };
        read.set(from, entry);
      }
      return entry.message;
    },
  };
}
