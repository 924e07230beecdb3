// Pictures from the library: searched, uploaded, chosen, and said in words.
import { button, later, make, say } from "./page";
import { dialog } from "./dialogs";
import { sibling, valueOf, write, type Input } from "./fields";

interface Target { box: HTMLElement; input: Input }

class Library {
  private target: Target | null = null;
  private address = "";
  private list = make("div", { className: "pzc-found", ariaLive: "polite" });
  private search = make("input", { type: "search", className: "pz-note-field", placeholder: say("searchPicture"), ariaLabel: say("searchPicture"), oninput: later(() => void this.load(), 250) });
  private shown = make("img", { alt: "", className: "pzc-chosen-picture" });
  private words = make("textarea", { id: "pzc-picture-words", className: "pz-note-field", rows: 3, maxLength: 300, oninput: () => this.ready() });
  private decorates = make("input", { type: "checkbox", id: "pzc-decorates", onchange: () => this.ready() });
  private ask = make("div", { className: "pzc-ask" },
    make("label", { htmlFor: "pzc-picture-words", textContent: say("words") }), this.words,
    make("p", { className: "pz-note", textContent: say("wordsWhy") }),
    make("label", { className: "pzc-check", htmlFor: "pzc-decorates" }, this.decorates, ` ${say("decorates")}`));
  private use = button(say("use"), "pz-button", () => this.done());
  private chosen = make("div", { className: "pzc-chosen", hidden: true }, this.shown, this.ask, this.use);
  private window = dialog(say("choosePicture"), "pzc-pictures-dialog", make("div", { className: "pzc-picking" },
    make("div", { className: "pzc-looking" }, this.search, this.list), this.chosen));

  constructor(private pages: string) {
    this.list.addEventListener("click", (event) => this.clicked(event.target as HTMLElement));
    this.window.addEventListener("close", () => this.target?.box.querySelector<HTMLElement>("[data-pzc-choose-picture]")?.focus());
  }

  open(target: Target): void {
    this.target = target;
    this.search.value = "";
    this.chosen.hidden = true;
    this.window.showModal();
    this.search.focus();
    void this.load();
  }

  private async load(page = "1"): Promise<void> {
    const query = new URLSearchParams({ q: this.search.value, page });
    await this.show(fetch(`${this.pages}?${query}`));
  }

  private async show(asked: Promise<Response>): Promise<boolean> {
    const answer = await asked.catch(() => null);
    if (!answer || ![200, 422].includes(answer.status)) {
      this.list.replaceChildren(make("p", { className: "pzc-errors", textContent: say("away") }));
      return false;
    }
    this.list.innerHTML = await answer.text();
    return answer.ok;
  }

  private clicked(target: HTMLElement): void {
    const picture = target.closest<HTMLElement>(".pzc-picture");
    if (picture) this.pick(picture);
    else if (target.dataset.page) void this.load(target.dataset.page);
    else if (target.matches("[data-pzc-upload]")) void this.upload();
  }

  private async upload(): Promise<void> {
    const sent = new FormData();
    for (const input of this.list.querySelectorAll<HTMLInputElement>(".pzc-upload input")) {
      if (input.type !== "file") sent.append(input.name, input.value);
      else if (input.files?.[0]) sent.append(input.name, input.files[0]);
    }
    const form = this.target?.input.form;
    for (const name of ["csrfmiddlewaretoken", "site"]) {
      const value = form?.elements.namedItem(name);
      if (value && "value" in value) sent.append(name, value.value);
    }
    this.search.value = "";
    const stored = await this.show(fetch(`${this.pages}upload/`, { method: "POST", body: sent }));
    const first = this.list.querySelector<HTMLElement>(stored ? ".pzc-picture[aria-pressed=true]" : "[aria-invalid]");
    if (stored && first) this.pick(first);
    else first?.focus();
  }

  private pick(picture: HTMLElement): void {
    for (const each of this.list.querySelectorAll(".pzc-picture")) each.setAttribute("aria-pressed", String(each === picture));
    this.address = picture.dataset.address ?? "";
    this.shown.src = picture.querySelector("img")?.src ?? "";
    this.words.value = picture.dataset.words ?? "";
    this.decorates.checked = false;
    this.ask.hidden = this.wordsField() === null;
    this.chosen.hidden = false;
    this.ready();
    (this.use.disabled ? this.words : this.use).focus();
    this.chosen.scrollIntoView({ block: "nearest" });
  }

  private wordsField() {
    const name = this.target?.box.dataset.words;
    return this.target && name ? sibling(this.target.box, name) : null;
  }

  private ready(): void {
    this.words.disabled = this.decorates.checked;
    this.use.disabled = !this.ask.hidden && !this.decorates.checked && !this.words.value.trim();
  }

  private done(): void {
    const target = this.target;
    if (!target) return;
    write(target.input, this.address);
    const words = this.wordsField();
    if (words) write(words.input, this.decorates.checked ? "" : this.words.value.trim());
    this.window.close();
  }
}

let library: Library | null = null;

export function offerPictures(box: HTMLElement, input: Input, pages: string): void {
  const small = make("img", { alt: "", className: "pzc-small", hidden: true, onerror: () => { small.hidden = true; } });
  const show = () => {
    const address = valueOf(input).trim();
    small.hidden = !address || address.includes("{{");
    if (!small.hidden && small.getAttribute("src") !== address) small.src = address;
  };
  const choose = button(say("choosePicture"), "pz-button pz-button-quiet", () => { (library ??= new Library(pages)).open({ box, input }); });
  choose.dataset.pzcChoosePicture = "";
  box.querySelector(".pzc-input")?.prepend(small, choose);
  input.addEventListener("input", show);
  show();
}
