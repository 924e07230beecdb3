// What is worth a look: below the picture as a list, and at each field what is about it.
import { button, every, make, say } from "./page";
import { boxAt, boxes, fields, inputOf, valueOf } from "./fields";
import type { Languages } from "./languages";

export interface Remark {
  locale: string;
  path: string;
  code: string;
  text: string;
  refuses?: boolean;
  /** The field that holds this value is meant, where no path is known. */
  value?: string;
}

const UNFINISHED = new Set(["required", "dependentRequired", "minLength"]);

export class Advice {
  private bySource = new Map<string, Remark[]>();

  constructor(private root: HTMLElement, private languages: Languages) {}

  /** All that this source has to say now. */
  of(source: string, remarks: Remark[]): void {
    if (same(this.bySource.get(source), remarks)) return;
    this.bySource.set(source, remarks);
    this.draw();
  }

  draw(): void {
    const locales = this.languages.locales;
    const remarks = [...this.bySource.values()].flat().filter((each) => !each.locale || locales.includes(each.locale));
    for (const place of every(".pzc-said", this.root)) place.replaceChildren();
    const items = remarks.map((remark) => this.item(remark));
    const panel = this.root.querySelector<HTMLElement>("[data-pzc-advice]")!;
    panel.hidden = !items.length;
    panel.replaceChildren(make("h3", { textContent: say("worth", { count: items.length }) }), make("ul", {}, ...items));
  }

  private item(remark: Remark): HTMLElement {
    const box = this.place(remark);
    const item = make("li", { className: remark.refuses ? "pzc-refused" : "pzc-advised" });
    if (!box) {
      item.append(remark.text);
      return item;
    }
    if (!UNFINISHED.has(remark.code)) {
      box.querySelector(".pzc-said")?.append(make("p", { className: remark.refuses ? "pzc-refused" : "pzc-advised", textContent: remark.text }));
    }
    item.append(button(this.label(box, remark.locale), "pz-link", () => this.go(box, remark.locale)), ` ${remark.text}`);
    return item;
  }

  private place(remark: Remark): HTMLElement | null {
    if (remark.path) return boxAt(this.root, remark.locale, remark.path);
    if (!remark.value) return null;
    return fields(this.root).find((each) => each.locale === remark.locale && valueOf(each.input) === remark.value)?.box ?? null;
  }

  private label(box: HTMLElement, locale: string): string {
    const label = box.querySelector("label, legend")?.textContent?.replace("*", "").trim() ?? "";
    return this.languages.locales.length > 1 ? `${label} (${this.languages.name(locale)})` : label;
  }

  private go(box: HTMLElement, locale: string): void {
    if (!this.languages.onScreen.includes(locale)) this.languages.show([locale]);
    const first = boxes(box)[0] ?? box;
    (inputOf(box) ?? inputOf(first))?.focus();
  }
}

function same(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
