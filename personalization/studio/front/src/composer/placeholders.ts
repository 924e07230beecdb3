// Placeholders from a searchable list: what it shows, an example, and what stands there for visitors of
// whom it is unknown. Opened by a button, or by typing {{.
import { button, every, json, make, say, type Offer } from "./page";
import { dialog } from "./dialogs";
import type { Input } from "./fields";

const USUAL: Record<string, string> = { "visitor.first_name": "there", "visitor.name": "there" };

interface Target { input: HTMLInputElement | HTMLTextAreaElement; start: number; end: number; forItems: boolean }

class Chooser {
  private offers = json<Offer[]>("pzc-offer", []);
  private target: Target | null = null;
  private active = 0;
  private chosen: Offer | null = null;
  private list = make("ul", { id: "pzc-offers", className: "pzc-offers", role: "listbox", ariaLabel: say("placeholders") });
  private search = make("input", {
    type: "search", className: "pz-note-field", placeholder: say("searchPlaceholder"), ariaLabel: say("searchPlaceholder"), autocomplete: "off",
    role: "combobox", "aria-controls": "pzc-offers", "aria-expanded": "true", "aria-autocomplete": "list",
    oninput: () => { this.active = 0; this.draw(); },
    onkeydown: (event: Event) => this.key(event as KeyboardEvent),
  });
  private fallback = make("input", { type: "text", id: "pzc-fallback", className: "pz-note-field", oninput: () => this.showCode(), onkeydown: (event: Event) => {
    if ((event as KeyboardEvent).key === "Enter") this.insert();
  } });
  private code = make("code", { className: "pz-code" });
  private question = make("p", { className: "pz-note" });
  private first = make("div", { className: "pzc-step" }, this.search, this.list);
  private second = make("div", { className: "pzc-step", hidden: true },
    make("label", { htmlFor: "pzc-fallback", textContent: say("fallbackQuestion") }), this.fallback, this.question, this.code,
    make("div", { className: "pz-row" },
      button(say("insert"), "pz-button", () => this.insert()),
      button(say("back"), "pz-button pz-button-quiet", () => this.step(null))));
  private window = dialog(say("placeholders"), "pzc-placeholders", this.first, this.second);

  constructor() {
    this.window.addEventListener("close", () => this.target?.input.focus());
  }

  open(target: Target): void {
    this.target = target;
    this.search.value = "";
    this.active = 0;
    this.step(null);
    this.window.showModal();
    this.search.focus();
  }

  private get found(): Offer[] {
    const asked = this.search.value.toLowerCase().split(/[\s.{}|]+/).filter(Boolean);
    return this.offers.filter((each) => {
      const text = `${each.name} ${each.label} ${each.group}`.toLowerCase();
      return (!each.item || this.target?.forItems) && asked.every((word) => text.includes(word));
    });
  }

  private draw(): void {
    const groups = new Map<string, HTMLElement[]>();
    const found = this.found;
    found.forEach((offer, place) => {
      const shown = make("li", { id: `pzc-offer-${place}`, role: "option", className: "pzc-offer", "aria-selected": String(place === this.active),
        onclick: () => this.choose(offer), onmousemove: () => { if (place !== this.active) { this.active = place; this.mark(); } } },
        make("strong", { textContent: offer.label }),
        make("code", { textContent: offer.name }),
        make("span", { className: "pz-note", textContent: offer.example ? say("example", { value: offer.example }) : "" }));
      groups.set(offer.group, [...(groups.get(offer.group) ?? []), shown]);
    });
    this.list.replaceChildren(...[...groups].flatMap(([name, shown], place) => [make("li", { role: "presentation" },
      make("ul", { role: "group", "aria-labelledby": `pzc-group-${place}` }, make("li", { role: "presentation", id: `pzc-group-${place}`, className: "pzc-offer-group", textContent: name }), ...shown))]));
    if (!found.length) this.list.replaceChildren(make("li", { role: "presentation", className: "pz-note", textContent: say("noPlaceholder") }));
    this.mark();
  }

  private mark(): void {
    for (const each of every("[role=option]", this.list)) {
      const on = each.id === `pzc-offer-${this.active}`;
      each.setAttribute("aria-selected", String(on));
      if (on) each.scrollIntoView({ block: "nearest" });
    }
    this.search.setAttribute("aria-activedescendant", this.found.length ? `pzc-offer-${this.active}` : "");
  }

  private key(event: KeyboardEvent): void {
    const found = this.found;
    const moves: Record<string, number> = { ArrowDown: this.active + 1, ArrowUp: this.active - 1, PageDown: this.active + 8, PageUp: this.active - 8 };
    if (event.key in moves && found.length) {
      event.preventDefault();
      this.active = Math.min(Math.max(moves[event.key] ?? 0, 0), found.length - 1);
      this.mark();
    } else if (event.key === "Enter") {
      const offer = found[this.active];
      if (offer) this.choose(offer);
    }
  }

  private choose(offer: Offer): void {
    if (/^(visitor|context)\./.test(offer.name)) this.step(offer);
    else { this.chosen = offer; this.fallback.value = ""; this.insert(); }
  }

  private step(offer: Offer | null): void {
    this.chosen = offer;
    this.first.hidden = offer !== null;
    this.second.hidden = offer === null;
    if (offer) {
      this.fallback.value = USUAL[offer.name] ?? "";
      this.question.textContent = say(offer.uncertain ? "fallbackWhy" : "fallbackMaybe", { label: offer.label });
      this.showCode();
      this.fallback.focus();
      this.fallback.select();
    } else {
      this.draw();
      this.search.focus();
    }
  }

  private showCode(): void { this.code.textContent = this.source(); }

  private source(): string {
    if (!this.chosen) return "";
    const parts = [this.chosen.name, this.chosen.filter, this.fallback.value ? `default(${quoted(this.fallback.value)})` : ""];
    return `{{ ${parts.filter(Boolean).join(" | ")} }}`;
  }

  private insert(): void {
    const target = this.target;
    if (!target) return;
    target.input.setRangeText(this.source(), target.start, target.end, "end");
    target.end = target.start;
    this.window.close();
    target.input.dispatchEvent(new Event("input", { bubbles: true }));
  }
}

/** A text of the template language. */
function quoted(text: string): string {
  return `"${text.replace(/\\/g, "\\\\").replace(/"/g, '\\"')}"`;
}

let chooser: Chooser | null = null;

export function offerPlaceholders(box: HTMLElement, input: Input): void {
  if (input instanceof HTMLSelectElement) return;
  const forItems = box.hasAttribute("data-items");
  const open = (start: number, end: number) => { (chooser ??= new Chooser()).open({ input, start, end, forItems }); };
  const here = () => open(input.selectionStart ?? input.value.length, input.selectionEnd ?? input.value.length);
  box.querySelector("[data-pzc-tools]")?.append(button("{ }", "pzc-tool", here, say("insertPlaceholder")));
  input.addEventListener("input", (event) => {
    const typed = (event as InputEvent).inputType === "insertText" && (event as InputEvent).data === "{";
    const at = input.selectionStart ?? 0;
    if (typed && input.value.slice(at - 2, at) === "{{") open(at - 2, at);
  });
}
