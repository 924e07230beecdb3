// The condition as JSON: the form's own textarea, with what is wrong named by its line.

import { useEffect, useRef } from "preact/hooks";
import { filled } from "../fields/words.ts";
import { brokenLine, lineOf, locate } from "../tree/locating.ts";
import { readText } from "../stored.ts";
import { type Said, useStudio } from "./studio.ts";

interface Tab {
  textarea: HTMLTextAreaElement;
  isShown: boolean;
  text: string;
  said: Said;
  onTyped(text: string): void;
}

export function TextTab({ textarea, isShown, text, said, onTyped }: Tab) {
  const { words } = useStudio();
  const place = useRef<HTMLDivElement>(null);
  const tell = useRef(onTyped);
  tell.current = onTyped;
  useEffect(() => {
    place.current?.prepend(textarea);
    const type = () => tell.current(textarea.value);
    textarea.addEventListener("input", type);
    return () => textarea.removeEventListener("input", type);
  }, [textarea]);
  const wrong = useWrong(text, said);
  return (
    <div class="pz-text" ref={place} hidden={!isShown}>
      {wrong && (
        <p class="pz-remark pz-remark-refusal">
          {wrong.line !== null && `${filled(words.line, { line: wrong.line })}: `}
          {wrong.detail}{" "}
          {wrong.range && (
            <button
              type="button"
              class="pz-link"
              onClick={() => {
                textarea.focus();
                textarea.setSelectionRange(wrong.range?.from ?? 0, wrong.range?.to ?? 0);
              }}
            >
              {words.show}
            </button>
          )}
        </p>
      )}
    </div>
  );
}

interface Wrong {
  line: number | null;
  detail: string;
  range?: { from: number; to: number } | null;
}

function useWrong(text: string, { refusal }: Said): Wrong | null {
  const { words } = useStudio();
  const read = readText(text, new Map());
  if (read.kind === "broken") return { line: brokenLine(text, read.error), detail: words.broken };
  if (!refusal || text.trim() === "") return read.kind === "odd" ? { line: null, detail: words.notDrawable } : null;
  const range = locate(text, refusal.place);
  return { line: range && lineOf(text, range.from), detail: refusal.detail, range };
}
