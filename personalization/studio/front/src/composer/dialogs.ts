// Our dialogs: the browser's own, which keep the focus inside and give it back.
import { button, make, say } from "./page";

export function dialog(title: string, className: string, ...children: HTMLElement[]): HTMLDialogElement {
  const id = `pzc-${Math.random().toString(36).slice(2)}`;
  const made = make("dialog", { className: `pzc-dialog ${className}`, "aria-labelledby": id },
    make("header", { className: "pzc-dialog-head" },
      make("h2", { id, textContent: title }),
      button("×", "pz-cross", () => made.close(), say("close"))),
    ...children);
  made.addEventListener("click", (event) => { if (event.target === made) made.close(); });
  // Enter inside must not send the form around the page.
  made.addEventListener("keydown", (event) => { if (event.key === "Enter" && event.target instanceof HTMLInputElement) event.preventDefault(); });
  document.body.append(made);
  return made;
}
