// Where a flaw stands: a line and a column, or the value at a path of a JSON text.
import { ensureSyntaxTree } from "@codemirror/language";
import type { EditorState, Text } from "@codemirror/state";
import type { SyntaxNode } from "@lezer/common";

export interface Place { from: number; to: number }

export function atLine(doc: Text, line: number, column: number): Place {
  const found = doc.line(Math.min(Math.max(line, 1), doc.lines));
  const from = Math.min(found.from + Math.max(column, 1) - 1, found.to);
  const rest = found.text.slice(from - found.from);
  const tag = /^(\{\{.*?\}\}|\{%.*?%\}|\w+|.)/.exec(rest)?.[0].length ?? 0;
  return { from, to: from + tag };
}

/** `properties.words.type` or `steps[0].title`; what is not there is shown at the nearest around it. */
export function atPath(state: EditorState, path: string): Place {
  const tree = ensureSyntaxTree(state, state.doc.length, 500);
  let node: SyntaxNode | null = tree?.topNode.firstChild ?? null;
  for (const step of path.split(/[.[\]]+/).filter(Boolean)) {
    const inner: SyntaxNode | null = node && within(state, node, step);
    if (!inner) break;
    node = inner;
  }
  if (!node) return { from: 0, to: 0 };
  return node.to - node.from > 60 ? { from: node.from, to: node.from + 1 } : { from: node.from, to: node.to };
}

function within(state: EditorState, node: SyntaxNode, step: string): SyntaxNode | null {
  if (node.name === "Array") return values(node)[Number(step)] ?? null;
  for (const property of node.getChildren("Property")) {
    const name = property.getChild("PropertyName");
    if (name && state.sliceDoc(name.from + 1, name.to - 1) === step) return property.lastChild;
  }
  return null;
}

function values(array: SyntaxNode): SyntaxNode[] {
  const found: SyntaxNode[] = [];
  for (let child = array.firstChild; child; child = child.nextSibling) {
    if (!["[", "]", ",", "⚠"].includes(child.name)) found.push(child);
  }
  return found;
}
