// The composer of contents: the form in its languages, the picture beside it, what is worth a look.
import { every } from "./page";
import { Advice } from "./advice";
import { searchBlocks } from "./choosing";
import { boxes, fieldOf } from "./fields";
import { countLength, offerColours } from "./inputs";
import { Languages } from "./languages";
import { offerPictures } from "./pictures";
import { offerPlaceholders } from "./placeholders";
import { Preview } from "./preview";
import { growAll, lists } from "./rows";

function compose(root: HTMLElement): void {
  const form = root.closest("form");
  if (!form) return;
  let preview: Preview | null = null;
  const changed = () => {
    languages.missing();
    preview?.soon();
    form.dispatchEvent(new Event("pz:changed"));
  };
  const languages = new Languages(root, changed);
  const advice = new Advice(root, languages);
  lists(root, changed);
  furnish(root, root);
  root.addEventListener("pzc:new", (event) => furnish(event.target as HTMLElement, root));
  preview = new Preview(root, form, languages, advice);
  for (const event of ["input", "change"]) form.addEventListener(event, changed);
  form.addEventListener("pz:restore", (event) => prepare(root, languages, event as Restore));
  form.addEventListener("pz:restored", changed);
}

type Restore = CustomEvent<[string, string][]> & { waitUntil?: (done: Promise<unknown>) => void };

/** Languages and entries that the unsaved work has, before its texts are filled in. */
function prepare(root: HTMLElement, languages: Languages, event: Restore): void {
  const typed = event.detail;
  const locales = typed.filter(([name]) => name === "locale").map(([, value]) => value);
  const ready = Promise.all(locales.map((locale) => languages.add(locale))).then(() => {
    languages.draw();
    growAll(root, typed);
  });
  event.waitUntil?.(ready);
}

function furnish(inside: HTMLElement, root: HTMLElement): void {
  if (root.hasAttribute("data-only-looks")) return;
  const all = inside.matches("[data-field]") ? [inside] : boxes(inside);
  for (const box of all) {
    const field = fieldOf(box);
    if (!field || box.dataset.furnished) continue;
    box.dataset.furnished = "yes";
    if (box.hasAttribute("data-placeholders")) offerPlaceholders(box, field.input);
    if (field.kind === "picture") offerPictures(box, field.input, root.dataset.pictures ?? "");
    if (field.kind === "color") offerColours(field);
    countLength(field);
  }
}

document.addEventListener("DOMContentLoaded", () => {
  for (const root of every("[data-pz-composer]")) compose(root);
  for (const page of every("[data-pzc-choose]")) searchBlocks(page);
});
