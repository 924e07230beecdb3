// The three texts of a block: each an editor over its text area, which stays what the form sends.
import { autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap, type CompletionSource } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { html } from "@codemirror/lang-html";
import { closePercentBrace, jinja } from "@codemirror/lang-jinja";
import { json } from "@codemirror/lang-json";
import { bracketMatching, foldGutter, foldKeymap, indentOnInput, syntaxHighlighting } from "@codemirror/language";
import { lintGutter, lintKeymap } from "@codemirror/lint";
import { EditorState, type Extension } from "@codemirror/state";
import { EditorView, drawSelection, highlightActiveLine, keymap, lineNumbers } from "@codemirror/view";
import { classHighlighter } from "@lezer/highlight";

export type Name = "template" | "schema" | "example";

export interface Part { name: Name; panel: HTMLElement; area: HTMLTextAreaElement; view: EditorView }

export function edit(panel: HTMLElement, complete: CompletionSource, changed: () => void): Part {
  const name = panel.dataset.part as Name;
  const area = panel.querySelector("textarea")!;
  const locked = area.readOnly || area.matches(":disabled");
  const view = new EditorView({
    doc: area.value,
    extensions: [
      basics,
      name === "template" ? [jinja({ base: html() }), closePercentBrace] : json(),
      autocompletion({ override: [complete], icons: false }),
      EditorView.contentAttributes.of({ "aria-label": panel.dataset.label ?? name }),
      EditorState.readOnly.of(locked),
      EditorView.updateListener.of((update) => {
        if (!update.docChanged) return;
        area.value = update.state.doc.toString();
        area.dispatchEvent(new Event("input", { bubbles: true }));
        changed();
      }),
    ],
  });
  area.hidden = true;
  area.before(view.dom);
  return { name, panel, area, view };
}

/** After the text area was filled from elsewhere. */
export function reload({ area, view }: Part): void {
  const text = view.state.doc.toString();
  if (text !== area.value) view.dispatch({ changes: { from: 0, to: text.length, insert: area.value } });
}

// Tab leaves the editor, as everywhere on the page; Ctrl+] and Ctrl+[ indent.
const basics: Extension = [
  lineNumbers(), foldGutter(), history(), drawSelection(), indentOnInput(), bracketMatching(), closeBrackets(),
  highlightActiveLine(), lintGutter(), EditorView.lineWrapping, syntaxHighlighting(classHighlighter),
  keymap.of([...closeBracketsKeymap, ...defaultKeymap, ...historyKeymap, ...foldKeymap, ...completionKeymap, ...lintKeymap]),
];
