// The builder: the condition as a form or as text, undo and redo, and what the server says of it.

import { useCallback, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import type { Offer } from "../fields/offer.ts";
import { askValues } from "../reading/asking.ts";
import { keep, readText, writeText } from "../stored.ts";
import { begin, change, redo, undo } from "../tree/history.ts";
import type { Marks } from "../tree/opening.ts";
import { readPlace } from "../tree/places.ts";
import type { Group } from "../tree/tree.ts";
import { useAnnouncing, useFocusing } from "./attention.ts";
import { GroupBox } from "./GroupBox.tsx";
import { Reading } from "./Reading.tsx";
import { Tree } from "./Scope.tsx";
import { NOTHING_SAID, type Said, SaidContext, type Studio, StudioContext } from "./studio.ts";
import { TextTab } from "./TextTab.tsx";
import { Toolbar } from "./Toolbar.tsx";
import { useReading } from "./useReading.ts";

interface Place {
  textarea: HTMLTextAreaElement;
  offer: Offer;
  label: string;
}

const ROOT: never[] = [];

export function Builder({ textarea, offer, label }: Place) {
  const { words } = offer;
  const marks = useMemo((): Marks => new Map(), []);
  const [first] = useState(() => ({ text: textarea.value, ...readText(textarea.value, marks) }));
  const [history, setHistory] = useState(() => begin<Group | null>(first.kind === "tree" ? first.tree : null));
  const [asText, setAsText] = useState(first.kind !== "tree");
  const [text, setText] = useState(textarea.value);
  const [heard, announce] = useAnnouncing();
  const written = useRef(textarea.value); // by us
  const box = useRef<HTMLDivElement>(null);
  const isHeld = useRef(false); // the focus was here as something was taken back
  useLayoutEffect(() => {
    const isLost = isHeld.current && !box.current?.contains(document.activeElement);
    isHeld.current = false;
    if (isLost) box.current?.focus();
  }, [history]);
  const focusOn = useFocusing(box);
  const answer = useReading(textarea, offer, text);
  const said = useMemo(() => saidOf(answer), [answer]);
  const studio = useMemo(
    (): Studio => ({
      offer,
      words,
      marks,
      announce,
      focusOn,
      suggest: (field, typed, signal) =>
        askValues(offer.addresses.values, offer.site, field, typed, signal),
    }),
    [offer, words, marks, announce, focusOn],
  );

  /** What was there first is written as it was, to the letter. */
  function write(tree: Group): void {
    const isFirst = first.kind === "tree" && first.tree === tree;
    const next = isFirst ? first.text : writeText(tree, marks, textarea.required);
    setText(next);
    written.current = next;
    keep(textarea, next);
  }

  const onChange = useCallback((next: Group) => {
    setHistory((now) => change(now, next, Date.now()));
    write(next);
  }, []);

  /** Somebody typed the text, or a script of the page put it there. */
  function onTyped(typed: string): void {
    setText(typed);
    if (!asText && typed !== written.current) showForm();
  }

  /** What was typed as text is one step of the history. */
  function showForm(): void {
    const read = readText(textarea.value, marks);
    setAsText(read.kind !== "tree");
    if (read.kind !== "tree") return;
    if (!history.now) setHistory(begin(read.tree));
    else if (writeText(history.now, marks, true) !== writeText(read.tree, marks, true)) {
      setHistory(change(history, read.tree, Date.now()));
    }
  }

  function takeBack(isForward: boolean): void {
    const next = isForward ? redo(history) : undo(history);
    if (next === history || next.now === null) return;
    isHeld.current = box.current?.contains(document.activeElement) ?? false;
    setHistory(next);
    write(next.now);
    announce(isForward ? words.redone : words.undone);
  }

  function onKeyDown(event: KeyboardEvent): void {
    const key = event.key.toLowerCase();
    const isField = (event.target as Element).tagName === "INPUT";
    if (event.key === "Enter" && isField) event.preventDefault(); // it would send the form
    if (asText || !(event.ctrlKey || event.metaKey) || (key !== "z" && key !== "y")) return;
    event.preventDefault();
    takeBack(key === "y" || event.shiftKey);
  }

  return (
    <StudioContext.Provider value={studio}>
      <div class="pz-builder" role="group" tabIndex={-1} aria-label={label} ref={box} onKeyDown={onKeyDown}>
        <Toolbar
          asText={asText}
          canUndo={!asText && history.past.length > 0}
          canRedo={!asText && history.future.length > 0}
          onUndo={() => takeBack(false)}
          onRedo={() => takeBack(true)}
          onForm={showForm}
          onText={() => setAsText(true)}
        />
        <SaidContext.Provider value={said}>
          {!asText && history.now && (
            <Tree group={history.now} list="" fields={offer.fields} place={ROOT} onChange={onChange}>
              {(root) => <GroupBox group={root} path={ROOT} />}
            </Tree>
          )}
        </SaidContext.Provider>
        <TextTab textarea={textarea} isShown={asText} text={text} said={said} onTyped={onTyped} />
        <Reading answer={answer} isEmpty={text.trim() === ""} asText={asText} />
        <p class="pz-heard" role="status">
          {heard}
        </p>
      </div>
    </StudioContext.Provider>
  );
}

function saidOf(answer: ReturnType<typeof useReading>): Said {
  if (!answer || answer === "unreachable") return NOTHING_SAID;
  const { refusal, warnings = [] } = answer;
  return {
    refusal: refusal && { place: readPlace(refusal.path), detail: refusal.detail },
    warnings: warnings.flatMap(({ path, text }) => (path === null ? [] : [{ place: readPlace(path), text }])),
  };
}
