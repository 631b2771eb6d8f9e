/** Escape closes what stands over the view, wherever the focus is; a dialog above it has the key first. */
import { useEffect, useRef } from "preact/hooks";

export function useEscape(close: () => void): void {
  const closing = useRef(close);
  closing.current = close;
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key === "Escape" && !document.querySelector("dialog[open]")) closing.current();
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, []);
}
