/** Who is here: found again when the page opens, asked again when the session ends under an open page. */
import { useCallback, useEffect, useMemo, useState } from "preact/hooks";
import type { Timers } from "../../../shared/time/timers.ts";
import type { Who } from "../../routes/session.ts";
import { type Question, Refused, type Reply } from "../platform/http.ts";
import type { Live } from "../platform/live.ts";
import { type Api, createApi } from "./api.ts";
import type { App } from "./context.tsx";
import { forgetNobodysDrafts } from "./drafts.ts";

const LOOK_AGAIN_MS = 2_000;

export interface Session {
  api: Api;
  /** Undefined: not known yet; null: nobody. */
  who: Who | null | undefined;
  /** The session ended while the page was open: what is typed stays behind the sign-in. */
  ended: boolean;
  end(): void;
  signed(who: Who): void;
  /** To an identity provider: when the browser is back, the session is looked for, and the view is that of before. */
  leave(): void;
  left(): void;
}

export function useSession(ports: {
  ask<T>(question: Question): Promise<Reply<T>>;
  live: Live;
  timers: Timers;
  keep: App["keep"];
}): Session {
  const { ask, live, timers, keep } = ports;
  const [who, setWho] = useState<Who | null | undefined>(keep.read("signed-in") === "1" ? undefined : null);
  const [ended, setEnded] = useState(false);
  const api = useMemo(
    () =>
      createApi(async (question) => {
        try {
          return await ask(question);
        } catch (error) {
          const signingIn = question.path.endsWith("/session") || question.path.endsWith("/password");
          if (error instanceof Refused && error.status === 401 && !signingIn) setEnded(true);
          throw error;
        }
      }),
    [ask],
  );
  const end = useCallback(() => setEnded(true), []);
  const signed = useCallback(
    (next: Who) => {
      keep.write("signed-in", "1");
      forgetNobodysDrafts(keep);
      setWho(next);
      setEnded(false);
      const back = keep.read("return-to");
      keep.write("return-to", undefined);
      if (back !== undefined && back !== "" && location.hash === "") location.hash = back;
      live.start();
    },
    [keep, live],
  );
  const leave = useCallback(() => {
    keep.write("signed-in", "1");
    keep.write("return-to", location.hash);
  }, [keep]);
  const left = useCallback(() => {
    keep.write("signed-in", undefined);
    live.stop();
    setWho(null);
    setEnded(false);
  }, [keep, live]);

  useEffect(() => {
    if (who !== undefined) return undefined;
    let gone = false;
    const look = () => {
      api.session().then(
        (found) => !gone && signed(found),
        (error) => {
          if (gone) return;
          if (error instanceof Refused) left();
          else timers.after(LOOK_AGAIN_MS, look);
        },
      );
    };
    look();
    return () => {
      gone = true;
    };
  }, [who, api, signed, left, timers]);
  return { api, who, ended, end, signed, leave, left };
}
