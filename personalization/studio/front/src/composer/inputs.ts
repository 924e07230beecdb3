// Small things beside an input: how long its text is, the colour that it names.
import { make, say } from "./page";
import { write, type Field } from "./fields";

const PLACEHOLDERS = /\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}/gs;
const FALLBACK = /default\(\s*(["'])(.*?)\1/;

/** As the server counts: an emoji is one, though the browser keeps it as two. */
export function lettersIn(text: string): number {
  return [...text].length;
}

/** The text is never cut while one types or pastes: what is too long is said. */
export function countLength({ box, input }: Field): void {
  const longest = Number(box.dataset.longest ?? 0);
  const best = Number(box.dataset.best ?? 0);
  const note = box.querySelector<HTMLElement>("[data-pzc-count]");
  if (!longest || !note || longest > 1000) return;
  input.removeAttribute("maxlength");
  const show = () => {
    const length = lettersIn(input.value);
    const read = lettersIn(input.value.replace(PLACEHOLDERS, (found) => FALLBACK.exec(found)?.[2] ?? ""));
    note.textContent = length > longest * 0.5 || read > best ? say("count", { length, longest }) : "";
    note.classList.toggle("pzc-over", length > longest);
  };
  input.addEventListener("input", show);
  show();
}

export function offerColours({ box, input }: Field): void {
  const swatch = make("input", { type: "color", className: "pzc-swatch", ariaLabel: say("colour"), oninput: () => write(input, swatch.value) });
  const show = () => { if (/^#[0-9a-f]{6}$/i.test(input.value)) swatch.value = input.value; };
  box.querySelector(".pzc-input")?.prepend(swatch);
  input.addEventListener("input", show);
  show();
}
