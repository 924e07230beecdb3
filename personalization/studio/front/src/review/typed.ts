// What a person typed into a form, and where a dialog says why it was refused.
import { every } from "../composer/page";

/** Where a dialog says why something was refused. */
export function within(dialog: HTMLElement): HTMLElement {
  const known = dialog.querySelector<HTMLElement>("[data-pzd-refused]");
  if (known) return known;
  const made = document.createElement("p");
  made.className = "pzd-notice pzd-notice-error";
  made.dataset.pzdRefused = "";
  made.setAttribute("role", "alert");
  dialog.prepend(made);
  return made;
}

export function isChanged(form: HTMLFormElement): boolean {
  return every<HTMLInputElement | HTMLTextAreaElement>("input:not([type=hidden]), textarea", form).some((field) =>
    field.type === "checkbox" || field.type === "radio" ? (field as HTMLInputElement).checked !== (field as HTMLInputElement).defaultChecked : field.value !== field.defaultValue);
}
