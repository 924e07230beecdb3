// What the server wrote into the page: our words, placeholders, addresses; and making elements.

export interface Words { [name: string]: string }

export interface Offer {
  name: string;
  label: string;
  group: string;
  filter: string;
  example: string;
  uncertain: boolean;
  item: boolean;
}

export function json<T>(id: string, otherwise: T): T {
  const text = document.getElementById(id)?.textContent;
  return text ? (JSON.parse(text) as T) : otherwise;
}

let words: Words | null = null; // read when first needed: the script comes before the page

/** Our words with values for %(name)s. */
export function say(name: string, values: Record<string, string | number> = {}): string {
  words ??= json<Words>("pzc-words", {});
  return (words[name] ?? name).replace(/%\((\w+)\)s/g, (_all, key: string) => String(values[key] ?? ""));
}

type Child = Node | string | null;

export function make<K extends keyof HTMLElementTagNameMap>(
  tag: K, attributes: Record<string, unknown> = {}, ...children: Child[]
): HTMLElementTagNameMap[K] {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value as EventListener);
    else if (value === false || value === undefined || value === null) continue;
    else if (name in node && name !== "list") (node as Record<string, any>)[name] = value;
    else node.setAttribute(name, String(value));
  }
  node.append(...children.filter((child): child is Node | string => child !== null));
  return node;
}

export function button(text: string, className: string, onclick: () => void, label = ""): HTMLButtonElement {
  return make("button", { type: "button", className, textContent: text, onclick, ...(label && { ariaLabel: label, title: label }) });
}

export function every<T extends HTMLElement>(selector: string, inside: ParentNode = document): T[] {
  return [...inside.querySelectorAll<T>(selector)];
}

export function later(action: () => void, wait: number): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  return () => { clearTimeout(timer); timer = setTimeout(action, wait); };
}
