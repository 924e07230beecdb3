// The form of a brief: items are searched and listed, parts show themselves when they are asked for.
import { button, every, later, make } from "../composer/page";

const TYPED = 500; // milliseconds

interface Price { said?: string; left?: string; refusal?: string; affordable?: boolean }

export class BriefForm {
  private titles = new Map<string, string>(); // title -> key, of what was last offered

  constructor(private readonly form: HTMLFormElement) {
    const price = later(() => void this.price(), TYPED);
    for (const event of ["input", "change"]) form.addEventListener(event, price);
    form.addEventListener("change", (event) => this.changed(event.target as HTMLInputElement));
    form.addEventListener("click", (event) => this.takeOut(event.target as Element));
    form.addEventListener("pz:restore", (event) => this.restore(event as CustomEvent<[string, string][]>));
    const search = this.find<HTMLInputElement>("[data-pzd-search]");
    const look = later(() => void this.search(search), 200);
    search?.addEventListener("input", () => (this.titles.has(search.value) ? this.take(search) : look()));
    search?.addEventListener("keydown", (event) => { if (event.key === "Enter") { event.preventDefault(); this.take(search); } });
    this.show();
    void this.audience();
    void this.price();
  }

  private find<T extends HTMLElement>(selector: string): T | null {
    return this.form.querySelector<T>(selector);
  }

  private changed(field: HTMLInputElement): void {
    if (field.name === "about") this.show();
    if (field.name === "segment") void this.audience();
  }

  private show(): void {
    const about = this.find<HTMLInputElement>("[name=about]:checked")?.value ?? "none";
    for (const part of every("[data-pzd-if]", this.form)) part.hidden = !part.dataset.pzdIf?.split(" ").includes(about);
  }

  // ------------------------------------------------------------ items

  private async search(field: HTMLInputElement | null): Promise<void> {
    if (!field || field.value.trim().length < 2) return;
    const answer = await fetch(`${this.form.dataset.items}?q=${encodeURIComponent(field.value)}`).catch(() => null);
    if (!answer?.ok) return;
    const { items } = (await answer.json()) as { items: { key: string; title: string }[] };
    this.titles = new Map(items.map(({ key, title }) => [title, key]));
    this.find("#pzd-items")?.replaceChildren(...items.map(({ title }) => make("option", { value: title })));
  }

  private take(field: HTMLInputElement): void {
    const key = this.titles.get(field.value);
    if (!key) return;
    this.add(key, field.value);
    field.value = "";
    this.form.dispatchEvent(new Event("change"));
    this.form.dispatchEvent(new Event("pz:changed"));
  }

  private add(key: string, title: string): void {
    if (this.find(`[name=items][value="${CSS.escape(key)}"]`)) return;
    const label = `${this.form.dataset.remove ?? ""} ${title}`;
    const cross = button("×", "pz-cross", () => undefined, label);
    cross.dataset.pzdRemove = "";
    this.find("[data-pzd-chosen]")?.append(make("li", {}, make("input", { type: "hidden", name: "items", value: key }), `${title} `, cross));
  }

  private takeOut(target: Element): void {
    const chip = target.closest("[data-pzd-remove]")?.closest("li");
    if (!chip) return;
    chip.remove();
    this.form.dispatchEvent(new Event("change"));
    this.form.dispatchEvent(new Event("pz:changed"));
    this.find("[data-pzd-search]")?.focus();
  }

  /** Unsaved work that named items: they stand there before the fields are filled. */
  private restore(event: CustomEvent<[string, string][]>): void {
    for (const [name, value] of event.detail) if (name === "items") this.add(value, value);
    queueMicrotask(() => this.show());
  }

  // ------------------------------------------------------------ what the server says

  private async audience(): Promise<void> {
    const segment = this.find<HTMLSelectElement>("[name=segment]")?.value ?? "";
    const answer = await fetch(`${this.form.dataset.audience}?segment=${encodeURIComponent(segment)}`).catch(() => null);
    const place = this.find("[data-pzd-audience]");
    if (answer?.ok && place) place.textContent = ((await answer.json()) as { said: string }).said;
  }

  private async price(): Promise<void> {
    const goal = this.find<HTMLTextAreaElement>("[name=goal]");
    const place = this.find("[data-pzd-price]");
    if (!goal?.value.trim() || !place) return;
    const answer = await fetch(this.form.dataset.estimate ?? "", { method: "POST", body: new FormData(this.form) }).catch(() => null);
    if (!answer?.ok) return;
    const price = (await answer.json()) as Price;
    place.textContent = price.refusal ?? price.said ?? "";
    place.classList.toggle("pzd-error", Boolean(price.refusal) || price.affordable === false);
    this.find("[data-pzd-left]")!.textContent = price.left ?? "";
  }
}
