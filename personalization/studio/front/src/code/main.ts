// The code of a block that editors write: template, fields and example, each in an editor of its own,
// with the sandbox's refusals at their places and the example's picture beside them.
import { setDiagnostics, type Diagnostic } from "@codemirror/lint";
import { EditorView } from "@codemirror/view";
import { button, every, later, make, say } from "../composer/page";
import { fillFrame } from "../composer/frame";
import { inExample, inSchema, inTemplate } from "./completing";
import { edit, reload, type Name, type Part } from "./parts";
import { atLine, atPath, type Place } from "./places";

interface Flaw { where: Name; sentence: string; line: number; column: number; path: string }
interface Answer { flaws: Flaw[]; page?: string; refusal?: string }

const TYPING = 300;

class Workshop {
  private parts: Part[];
  private asked = 0;
  private waiting: AbortController | null = null;

  constructor(private root: HTMLElement, private form: HTMLFormElement) {
    const soon = later(() => void this.ask(), TYPING);
    const sources = { template: inTemplate(() => this.properties()), schema: inSchema, example: inExample(() => this.properties()) };
    this.parts = every("[data-part][role=tabpanel]", root).map((panel) => edit(panel, sources[panel.dataset.part as Name], soon));
    for (const tab of this.tabs) {
      tab.addEventListener("click", () => this.show(tab.dataset.part as Name));
      tab.addEventListener("keydown", (event) => this.turn(event));
    }
    form.addEventListener("pz:restored", () => this.parts.forEach(reload));
    addEventListener("online", soon);
    new ResizeObserver(() => this.fit()).observe(this.frame.parentElement!);
    this.show((root.querySelector(".pzc-part .pzc-errors")?.closest<HTMLElement>("[data-part]")?.dataset.part ?? "template") as Name);
    void this.ask();
  }

  private get tabs(): HTMLButtonElement[] { return every("[role=tab]", this.root); }
  private get frame(): HTMLIFrameElement { return this.root.querySelector("[data-pzc-frame]")!; }
  private part(name: Name): Part { return this.parts.find((part) => part.name === name)!; }

  private show(name: Name): void {
    for (const tab of this.tabs) {
      const on = tab.dataset.part === name;
      tab.setAttribute("aria-selected", String(on));
      tab.tabIndex = on ? 0 : -1;
    }
    for (const part of this.parts) part.panel.hidden = part.name !== name;
    this.part(name).view.requestMeasure();
  }

  private turn(event: KeyboardEvent): void {
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!by) return;
    event.preventDefault();
    const tabs = this.tabs;
    const next = tabs[(tabs.indexOf(event.target as HTMLButtonElement) + by + tabs.length) % tabs.length]!;
    this.show(next.dataset.part as Name);
    next.focus();
  }

  /** The fields that the schema names, as far as it can be read. */
  private properties(): Record<string, string> {
    try {
      const said = JSON.parse(this.part("schema").view.state.doc.toString())?.properties ?? {};
      return Object.fromEntries(Object.entries(said).map(([name, rules]) => [name, String((rules as { title?: string })?.title ?? "")]));
    } catch {
      return {};
    }
  }

  private async ask(): Promise<void> {
    this.asked += 1;
    const mine = this.asked;
    this.waiting?.abort();
    this.waiting = new AbortController();
    const sent = new FormData(this.form);
    for (const part of this.parts) sent.set(part.name, part.view.state.doc.toString());
    const answer = await fetch(this.root.dataset.draft!, { method: "POST", body: sent, signal: this.waiting.signal })
      .then((each) => (each.ok ? (each.json() as Promise<Answer>) : null)).catch(() => null);
    if (mine !== this.asked) return;
    this.state(answer === null ? say("away") : answer.refusal ?? "");
    if (answer) this.take(answer);
  }

  private state(text: string): void { this.root.querySelector("[data-pzc-state]")!.textContent = text; }

  private take(answer: Answer): void {
    for (const part of this.parts) {
      const flaws = answer.flaws.filter((flaw) => flaw.where === part.name);
      part.view.dispatch(setDiagnostics(part.view.state, flaws.map((flaw): Diagnostic => (
        { ...this.place(flaw), severity: "error", message: flaw.sentence }))));
      const badge = this.tabs.find((tab) => tab.dataset.part === part.name)?.querySelector(".pzc-missing");
      if (badge) badge.textContent = flaws.length ? String(flaws.length) : "";
    }
    this.list(answer.flaws);
    if (answer.page !== undefined) fillFrame(this.frame, answer.page, () => this.fit());
  }

  private place(flaw: Flaw): Place {
    const { state } = this.part(flaw.where).view;
    return flaw.line ? atLine(state.doc, flaw.line, flaw.column) : atPath(state, flaw.path);
  }

  private list(flaws: Flaw[]): void {
    const panel = this.root.querySelector<HTMLElement>("[data-pzc-flaws]")!;
    panel.hidden = !flaws.length;
    panel.replaceChildren(
      make("h3", { textContent: say("flaws", { count: flaws.length }) }),
      make("ul", {}, ...flaws.map((flaw) => make("li", { className: "pzc-refused" },
        button(this.part(flaw.where).panel.dataset.label ?? flaw.where, "pz-link", () => this.go(flaw)), ` ${this.said(flaw)}`))));
  }

  private said(flaw: Flaw): string {
    const { from } = this.place(flaw);
    const line = this.part(flaw.where).view.state.doc.lineAt(from);
    return say("flaw", { line: line.number, column: from - line.from + 1, text: flaw.sentence });
  }

  private go(flaw: Flaw): void {
    this.show(flaw.where);
    const { view } = this.part(flaw.where);
    const { from } = this.place(flaw);
    view.dispatch({ selection: { anchor: from }, effects: EditorView.scrollIntoView(from, { y: "center" }) });
    view.focus();
  }

  private fit(): void {
    const height = this.frame.contentDocument?.body?.scrollHeight ?? 0;
    this.frame.style.height = `${Math.max(height, 60)}px`;
  }
}

document.addEventListener("DOMContentLoaded", () => {
  for (const root of every("[data-pz-code]")) {
    const form = root.closest("form");
    if (form) new Workshop(root, form);
  }
});
