// Languages: one at a time or side by side; what is not translated yet; copying; one more language.
import { button, every, make, say } from "./page";
import { boxes, fieldOf, inputOf, valueOf, write } from "./fields";
import { grow } from "./rows";

const TEXTS = new Set(["text", "html", "address", "picture", "date", "color", "json"]);

export class Languages {
  readonly first: string;
  private shown: string[];

  constructor(private root: HTMLElement, private changed: () => void) {
    this.first = this.tabs[0]?.dataset.locale ?? "";
    this.shown = [this.firstWrong() ?? this.first];
    root.addEventListener("click", (event) => this.clicked(event.target as HTMLElement));
    root.querySelector<HTMLSelectElement>("[data-pzc-more]")?.addEventListener("change", (event) => void this.more(event.target as HTMLSelectElement));
    this.draw();
  }

  get tabs(): HTMLButtonElement[] { return every("[data-pzc-languages] [data-locale]", this.root); }
  get locales(): string[] { return this.tabs.map((tab) => tab.dataset.locale ?? ""); }
  get onScreen(): string[] { return this.shown; }

  name(locale: string): string {
    return this.tabs.find((tab) => tab.dataset.locale === locale)?.dataset.name ?? locale;
  }

  show(locales: string[]): void {
    this.shown = locales;
    this.draw();
    this.changed();
  }

  /** The language in which something was refused is the one to look at. */
  private firstWrong(): string | undefined {
    return this.root.querySelector(".pzc-wrong")?.closest<HTMLElement>("[data-locale]")?.dataset.locale;
  }

  private clicked(target: HTMLElement): void {
    const tab = target.closest<HTMLElement>(".pzc-tab");
    if (tab?.dataset.locale) this.show([tab.dataset.locale]);
    else if (tab?.matches("[data-pzc-beside]")) this.show(this.shown.length > 1 ? [this.first] : this.locales);
  }

  draw(): void {
    const beside = this.shown.length > 1;
    for (const tab of this.tabs) tab.setAttribute("aria-pressed", String(!beside && tab.dataset.locale === this.shown[0]));
    this.root.querySelector("[data-pzc-beside]")?.setAttribute("aria-pressed", String(beside));
    this.root.querySelector("[data-pzc-columns]")?.classList.toggle("pzc-beside", beside);
    for (const cell of every("[data-pzc-row] > [data-locale]", this.root)) {
      cell.hidden = !this.shown.includes(cell.dataset.locale ?? "");
      cell.lang = cell.dataset.locale ?? "";
      this.head(cell, beside);
    }
    this.missing();
    this.offerAll();
  }

  /** One click for a language that has nothing yet. */
  private offerAll(): void {
    const bar = this.root.querySelector<HTMLElement>("[data-pzc-fields]");
    bar?.querySelector(":scope > .pzc-copy-all")?.remove();
    const poor = this.shown.filter((locale) => locale !== this.first && this.gaps(locale) > 1);
    if (!bar || !poor.length || this.root.hasAttribute("data-only-looks")) return;
    bar.prepend(make("div", { className: "pzc-copy-all" }, ...poor.map((locale) => button(
      say("copyAll", { from: this.name(this.first), to: this.name(locale) }), "pz-adder", () => this.copyAll(locale)))));
  }

  private copyAll(locale: string): void {
    for (const gap of every(`[data-pzc-row] > [data-locale="${CSS.escape(locale)}"] > .pzc-gap`, this.root)) {
      const cell = gap.parentElement as HTMLElement;
      const original = cell.parentElement?.querySelector<HTMLElement>(`:scope > [data-locale="${CSS.escape(this.first)}"]`);
      if (original) copyCell(original, cell, this.first);
    }
    this.draw();
    this.changed();
    this.root.querySelector<HTMLElement>(`[data-pzc-row] > [data-locale="${CSS.escape(locale)}"] :is(input:not([type=hidden]), textarea)`)?.focus();
  }

  /** Which language a field is of: seen side by side, always heard. */
  private head(cell: HTMLElement, beside: boolean): void {
    const head = cell.querySelector<HTMLElement>(":scope > .pzc-cell-language")
      ?? cell.insertBefore(make("p", { className: "pzc-cell-language" }), cell.firstChild);
    head.textContent = this.name(cell.dataset.locale ?? "");
    head.hidden = !beside;
  }

  /** Counts what the first language says and another does not; offers to copy it. */
  missing(): void {
    for (const tab of this.tabs) {
      const locale = tab.dataset.locale ?? "";
      const gaps = locale === this.first ? 0 : this.gaps(locale);
      const note = tab.querySelector<HTMLElement>(".pzc-missing");
      if (note) note.textContent = gaps ? say("missing", { count: gaps }) : "";
    }
  }

  private gaps(locale: string): number {
    let count = 0;
    for (const cell of every(`[data-pzc-row] > [data-locale="${CSS.escape(locale)}"]`, this.root)) {
      const box = boxes(cell)[0];
      const original = cell.parentElement?.querySelector<HTMLElement>(`:scope > [data-locale="${CSS.escape(this.first)}"]`);
      if (!box || !original) continue;
      const isGap = says(original) && !says(cell) && (TEXTS.has(box.dataset.kind ?? "") || box.dataset.kind === "list");
      count += Number(isGap);
      this.gap(cell, original, isGap);
    }
    return count;
  }

  private gap(cell: HTMLElement, original: HTMLElement, isGap: boolean): void {
    const before = cell.querySelector(":scope > .pzc-gap");
    if (!isGap) { before?.remove(); return; }
    if (before) return;
    const note = make("p", { className: "pzc-gap" }, make("span", { textContent: say("gap", { language: this.name(this.first) }) }));
    if (!this.root.hasAttribute("data-only-looks")) {
      note.append(button(say("copy"), "pz-link", () => { copyCell(original, cell, this.first); this.draw(); this.changed(); },
        say("copyFrom", { language: this.name(this.first) })));
    }
    cell.append(note);
  }

  private async more(list: HTMLSelectElement): Promise<void> {
    const locale = list.value;
    list.value = "";
    if (locale && await this.add(locale)) this.show(this.locales);
  }

  async add(locale: string): Promise<boolean> {
    if (this.locales.includes(locale)) return true;
    const name = [...this.root.querySelectorAll<HTMLOptionElement>("[data-pzc-more] option")].find((each) => each.value === locale)?.textContent ?? locale;
    const answer = await fetch(`${this.root.dataset.fields}?locale=${encodeURIComponent(locale)}`).catch(() => null);
    if (!answer?.ok) return false;
    const holder = make("div");
    holder.innerHTML = await answer.text();
    for (const cell of [...holder.children] as HTMLElement[]) {
      const row = this.root.querySelector(`[data-pzc-row="${CSS.escape(cell.dataset.of ?? "")}"]`);
      row?.append(cell);
      cell.dispatchEvent(new CustomEvent("pzc:new", { bubbles: true }));
    }
    this.root.querySelector("[data-pzc-fields]")?.prepend(make("input", { type: "hidden", name: "locale", value: locale }));
    const tab = make("button", { type: "button", className: "pzc-tab", "aria-pressed": "false" }, `${name} `, make("span", { className: "pzc-missing" }));
    Object.assign(tab.dataset, { locale, name });
    this.tabs.at(-1)?.after(tab);
    return true;
  }
}

/** Whether anything stands in this cell that somebody wrote. */
function says(cell: HTMLElement): boolean {
  return boxes(cell).some((box) => {
    const field = fieldOf(box);
    return field !== null && TEXTS.has(field.kind) && valueOf(field.input).trim() !== "";
  });
}

/** What the original says, into the cell of another language, lists with their entries. */
function copyCell(original: HTMLElement, cell: HTMLElement, from: string): void {
  const to = cell.dataset.locale ?? "";
  const mine = (name: string) => name.replace(`field__${from}__`, `field__${to}__`);
  for (const list of every("[data-pzc-rows]", original)) {
    const same = cell.querySelector<HTMLElement>(`[data-pzc-rows="${CSS.escape(mine(list.dataset.pzcRows ?? ""))}"]`);
    if (same?.dataset.new) grow(same, [...list.children].map((row) => (row as HTMLElement).dataset.row ?? ""));
  }
  for (const box of boxes(original)) {
    const source = fieldOf(box);
    const target = cell.querySelector<HTMLElement>(`[data-field="${CSS.escape(mine(box.dataset.field ?? ""))}"]`);
    const input = source && target && inputOf(target);
    if (source && input) write(input, valueOf(source.input));
  }
}
