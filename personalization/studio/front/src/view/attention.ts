// Where the attention goes: what is said aloud, and which part of which node has the focus.

import { useCallback, useLayoutEffect, useRef, useState } from "preact/hooks";
import type { Part } from "./studio.ts";

/** Says a text aloud, also the same one twice. */
export function useAnnouncing(): [string, (text: string) => void] {
  const [heard, setHeard] = useState("");
  const announce = useCallback(
    (text: string) => setHeard((before) => (before === text ? `${text}\u00a0` : text)),
    [],
  );
  return [heard, announce];
}

/** Puts the focus on a part of a node as soon as it is drawn. */
export function useFocusing(box: { readonly current: HTMLElement | null }) {
  const wanted = useRef<{ id: string; part: Part } | null>(null);
  const [, draw] = useState(0);
  useLayoutEffect(() => {
    if (!wanted.current) return;
    const { id, part } = wanted.current;
    const selector = `[data-pz-node="${id}"] [data-pz-part="${part}"]`;
    const place = box.current?.querySelector<HTMLElement>(selector);
    if (!place) return;
    wanted.current = null;
    place.focus();
  });
  return useCallback((id: string, part: Part) => {
    wanted.current = { id, part };
    draw((count) => count + 1);
  }, []);
}
