/** What is told at the foot of the page, failures among it. */
import { useCallback, useRef, useState } from "preact/hooks";
import { Refused, Unreachable } from "../platform/http.ts";
import type { App, Toast } from "./context.tsx";
import { problemWords } from "./problem-words.ts";
import type { appTexts } from "./texts.ts";
import type { ShownToast } from "./toasts.tsx";
import type { Language, Say } from "./words.ts";

const TOASTS_MAX = 4;

export interface ToastList {
  toasts: ShownToast[];
  toast: App["toast"];
  failed: App["failed"];
  close(id: number): void;
  /** What failed on a page that was left is not told on the next. */
  left(): void;
}

const isBad = ({ tone }: Toast) => tone === "bad";

export function useToasts(say: Say<typeof appTexts>, language: Language): ToastList {
  const [toasts, setToasts] = useState<ShownToast[]>([]);
  const serial = useRef(0);
  const toast = useCallback((next: Toast) => {
    serial.current++;
    const shown = { ...next, id: serial.current };
    setToasts((before) => [...before, shown].slice(-TOASTS_MAX));
  }, []);
  const close = useCallback(
    (id: number) => setToasts((before) => before.filter((each) => each.id !== id)),
    [],
  );
  const left = useCallback(
    () => setToasts((before) => (before.some(isBad) ? before.filter((each) => !isBad(each)) : before)),
    [],
  );
  const failed = useCallback(
    (error: unknown, retry?: () => void) => {
      // The page asks who is here.
      if (error instanceof Refused && error.status === 401) return;
      const action = retry && { label: say("retry"), run: retry };
      if (error instanceof Unreachable) {
        toast({
          tone: "bad",
          text: say("unreachable"),
          lines: [say("unreachableDo")],
          ...(action && { action }),
        });
      } else if (error instanceof Refused) {
        toast({
          tone: "bad",
          ...problemWords(error, language),
          ...(action && error.status >= 500 && { action }),
        });
      } else throw error;
    },
    [say, toast, language],
  );
  return { toasts, toast, failed, close, left };
}
