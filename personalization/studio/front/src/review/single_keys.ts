// Whether single keys work here: a browser remembers that they are switched off.

const KEPT_AS = "pz-review-keys";

export function rememberSwitch(box: HTMLInputElement): void {
  box.checked = stored() !== "off";
  box.addEventListener("change", () => store(box.checked ? "on" : "off"));
}

function stored(): string | null {
  try { return localStorage.getItem(KEPT_AS); } catch { return null; }
}

function store(value: string): void {
  try { localStorage.setItem(KEPT_AS, value); } catch { /* storage is switched off: for this page only */ }
}
