// The fields of the form: each a box around one input, with where its value stands.
import { every } from "./page";

export type Input = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;

export interface Field {
  box: HTMLElement;
  input: Input;
  locale: string;
  kind: string;
  /** With the row's number: `steps[0].title`. */
  path: string;
}

export function boxes(inside: ParentNode): HTMLElement[] {
  return every("[data-field]", inside).filter((box) => !box.closest("template"));
}

export function inputOf(box: HTMLElement): Input | null {
  return box.querySelector<Input>(`[name="${CSS.escape(box.dataset.field ?? "")}"]`);
}

export function fieldOf(box: HTMLElement): Field | null {
  const input = inputOf(box);
  if (!input || ["list", "group"].includes(box.dataset.kind ?? "")) return null;
  const locale = box.closest<HTMLElement>("[data-locale]")?.dataset.locale ?? "";
  return { box, input, locale, kind: box.dataset.kind ?? "text", path: pathOf(box) };
}

export function fields(inside: ParentNode): Field[] {
  return boxes(inside).map(fieldOf).filter((field): field is Field => field !== null);
}

/** The path in which every `[]` has the number of its row, from the outermost in. */
export function pathOf(box: HTMLElement): string {
  const rows: number[] = [];
  for (let row = box.parentElement?.closest("li[data-row]"); row; row = row.parentElement?.closest("li[data-row]")) {
    const list = row.parentElement;
    if (list?.dataset.new) rows.unshift([...list.children].indexOf(row));
  }
  return (box.dataset.path ?? "").replace(/\[\]/g, () => `[${rows.shift() ?? 0}]`);
}

/** The box at a path in a language; of a path inside of it, the nearest around. */
export function boxAt(inside: ParentNode, locale: string, path: string): HTMLElement | null {
  const all = every(`[data-locale="${CSS.escape(locale)}"]`, inside).flatMap((cell) => boxes(cell));
  const exact = all.find((box) => pathOf(box) === path);
  return exact ?? all.find((box) => path.startsWith(pathOf(box))) ?? null;
}

/** Another field of the same object in the same language: `image_alt` beside `image`. */
export function sibling(box: HTMLElement, name: string): Field | null {
  const path = pathOf(box);
  const wanted = path.slice(0, path.lastIndexOf(".") + 1) + name;
  const cell = box.closest<HTMLElement>("[data-locale]");
  const found = cell && boxAt(cell.closest("[data-pzc-fields]") ?? document, cell.dataset.locale ?? "", wanted);
  return found && pathOf(found) === wanted ? fieldOf(found) : null;
}

/** As if it had been typed. */
export function write(input: Input, value: string): void {
  if (input instanceof HTMLInputElement && input.type === "checkbox") input.checked = value === "on";
  else input.value = value;
  for (const event of ["input", "change"]) input.dispatchEvent(new Event(event, { bubbles: true }));
}

export function valueOf(input: Input): string {
  if (input instanceof HTMLInputElement && input.type === "checkbox") return input.checked ? "on" : "";
  return input.value;
}
