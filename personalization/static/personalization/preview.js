// The bar at the head of a page that is looked at as a preview: what one sees, and the way out.
// embed.js loads it; the token stays in a cookie for this browser session, so that links work.
(() => {
  "use strict";
  const NAME = "pz_preview";
  const embed = document.querySelector("script[data-key][src*='embed.js']");
  if (!embed) return;
  const asked = new URLSearchParams(location.search).get(NAME);
  const kept = document.cookie.split("; ").find((one) => one.startsWith(`${NAME}=`));
  const token = asked || decodeURIComponent((kept || "").slice(NAME.length + 1));

  // For where the server cannot be asked; all other words are its own.
  const UNSHOWN = {
    en: ["This preview cannot be shown now: you see the page as everybody does. Open the link again later, or ask whoever sent it to you.", "Close"],
    de: ["Diese Vorschau kann gerade nicht gezeigt werden: Sie sehen die Seite, wie alle sie sehen. Öffnen Sie den Link später noch einmal, oder fragen Sie, wer ihn Ihnen geschickt hat.", "Schließen"],
  };
  const [unshown, close] = UNSHOWN[navigator.language.slice(0, 2)] || UNSHOWN.en;

  const keep = (value) => {
    const secure = location.protocol === "https:" ? "; Secure" : "";
    const end = value ? "" : "; Max-Age=0";
    document.cookie = `${NAME}=${encodeURIComponent(value)}; Path=/; SameSite=Lax${secure}${end}`;
  };
  const leave = () => {
    keep("");
    const url = new URL(location.href);
    url.searchParams.delete(NAME);
    location.replace(url);
  };
  const part = (tag, text, style) => {
    const made = document.createElement(tag);
    made.textContent = text;
    made.style.cssText = style;
    return made;
  };
  const show = (text, button, note) => {
    const host = document.createElement("div");
    host.id = "pz-preview-bar";
    host.style.cssText = "all: initial; display: block; position: sticky; top: 0; z-index: 2147483647;";
    const bar = part("div", "", "all: initial; display: flex; flex-wrap: wrap; gap: .25rem 1rem; align-items: center; box-sizing: border-box;"
      + "padding: .6rem 1rem; background: #111827; color: #fff; font: 14px/1.4 system-ui, sans-serif;");
    bar.setAttribute("role", "status");
    const way = part("button", button, "all: initial; cursor: pointer; margin-left: auto; padding: .35rem .8rem;"
      + "border: 1px solid #fff; border-radius: 6px; color: #fff; font: 14px system-ui, sans-serif;");
    way.addEventListener("focus", () => { way.style.outline = "2px solid #5eead4"; });
    way.addEventListener("blur", () => { way.style.outline = ""; });
    way.addEventListener("click", leave);
    bar.append(part("strong", text, "font: 600 14px system-ui, sans-serif; color: #fff"),
      part("span", note, "font: 13px system-ui, sans-serif; color: #d1d5db"), way);
    host.attachShadow({ mode: "open" }).append(bar);
    document.body.prepend(host); // it pushes the page down, and covers nothing
  };
  const lose = (text) => { // the next page is everybody's, too
    keep("");
    show(text, close, "");
  };
  const start = async () => {
    const address = new URL("api/v1/preview", new URL(".", embed.src));
    const headers = { Authorization: `Bearer ${embed.dataset.key}`, "X-Preview": encodeURIComponent(token) };
    try {
      const answer = await fetch(address, { headers, credentials: "omit" });
      const said = await answer.json();
      if (!answer.ok) return lose(answer.status === 404 ? said.detail : unshown);
      keep(token);
      const { words } = said;
      show(`${words.preview}: ${said.what}, ${words.as} ${said.who}`, words.leave, words.uncounted);
    } catch {
      lose(unshown);
    }
  };
  if (document.body) start();
  else document.addEventListener("DOMContentLoaded", start);
})();
