// What can stand here: fields behind a name, filters, tests and tags of the sandbox; HTML elsewhere;
// the keys of a schema, and the fields that an example may fill.
import { snippetCompletion, type Completion, type CompletionContext, type CompletionResult, type CompletionSource } from "@codemirror/autocomplete";
import { htmlCompletionSource } from "@codemirror/lang-html";
import { json } from "../composer/page";

interface Offer {
  roots?: Record<string, Record<string, string>>;
  filters?: Record<string, string>;
  tests?: string[];
  tags?: string[];
  keywords?: Record<string, string>;
}

let kept: Offer | null = null;
const offer = (): Offer => (kept ??= json<Offer>("pzc-completions", {}));

const TAGS: Record<string, string> = {
  if: "if ${condition} %}${}{% endif", for: "for ${item} in ${items} %}${}{% endfor", set: "set ${name} = ${value}",
  macro: "macro ${name}(${}) %}{% endmacro", call: "call ${name}(${}) %}{% endcall",
};

/** `properties` gives the block's own fields as its schema names them now. */
export function inTemplate(properties: () => Record<string, string>): CompletionSource {
  return (context) => {
    const open = openTag(context);
    if (open === null) return htmlCompletionSource(context);
    return behindRoot(context, open, properties) ?? behindPipe(context, open) ?? behindIs(context, open) ?? atStart(context, open, properties);
  };
}

export const inSchema: CompletionSource = (context) => {
  const word = context.matchBefore(/"[\w-]*/);
  if (!word || !isKey(context, word.from)) return null;
  return result(word.from + 1, Object.entries(offer().keywords ?? {}).map(([label, detail]) => ({ label, detail })));
};

export function inExample(properties: () => Record<string, string>): CompletionSource {
  return (context) => {
    const word = context.matchBefore(/"\w*/);
    return word && isKey(context, word.from) ? result(word.from + 1, named(properties())) : null;
  };
}

/** What stands between the last opening of a tag and here; null outside. */
function openTag(context: CompletionContext): { text: string; from: number; isStatement: boolean } | null {
  const before = context.state.sliceDoc(Math.max(0, context.pos - 2000), context.pos);
  const at = Math.max(before.lastIndexOf("{{"), before.lastIndexOf("{%"));
  if (at < 0 || /\}\}|%\}/.test(before.slice(at))) return null;
  return { text: before.slice(at + 2), from: context.pos - (before.length - at - 2), isStatement: before[at + 1] === "%" };
}

type Open = NonNullable<ReturnType<typeof openTag>>;

function behindRoot(context: CompletionContext, open: Open, properties: () => Record<string, string>): CompletionResult | null {
  const found = /(\w+)\.(\w*)$/.exec(open.text);
  if (!found) return null;
  const root = found[1] ?? "";
  const names = root === "content" ? properties() : offer().roots?.[root] ?? offer().roots?.item ?? {};
  return result(context.pos - (found[2] ?? "").length, named(names));
}

function behindPipe(context: CompletionContext, open: Open): CompletionResult | null {
  const found = /\|\s*(\w*)$/.exec(open.text);
  if (!found) return null;
  const filters = Object.entries(offer().filters ?? {}).map(([label, info]) => (
    label === "default" ? snippetCompletion('default("${}")', { label, info }) : { label, info: info || undefined }));
  return result(context.pos - (found[1] ?? "").length, filters as Completion[]);
}

function behindIs(context: CompletionContext, open: Open): CompletionResult | null {
  const found = /\bis\s+(?:not\s+)?(\w*)$/.exec(open.text);
  return found && result(context.pos - (found[1] ?? "").length, (offer().tests ?? []).map((label) => ({ label })));
}

function atStart(context: CompletionContext, open: Open, properties: () => Record<string, string>): CompletionResult | null {
  const word = /(\w*)$/.exec(open.text)?.[1] ?? "";
  if (!word && !context.explicit && open.text.trim()) return null;
  const first = open.isStatement && !/\w\s/.test(open.text);
  const tags = (offer().tags ?? []).map((label) => (TAGS[label] ? snippetCompletion(TAGS[label], { label }) : { label }));
  const own = Object.keys(properties()).length ? [{ label: "content" }] : [];
  const names = [...own, ...["visitor", "context", "site", "items", "range"].map((label) => ({ label }))];
  return result(context.pos - word.length, first ? tags : names);
}

function isKey(context: CompletionContext, at: number): boolean {
  return /[{,]\s*$/.test(context.state.sliceDoc(Math.max(0, at - 500), at));
}

function named(names: Record<string, string>): Completion[] {
  return Object.entries(names).map(([label, detail]) => ({ label, detail: detail && detail !== label ? detail : undefined }) as Completion);
}

function result(from: number, options: Completion[]): CompletionResult | null {
  return options.length ? { from, options, validFor: /^[\w-]*$/ } : null;
}
