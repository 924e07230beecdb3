// Fills [data-pz-slot] places, keeps the visitor's choice, and tells what was seen and clicked.
// <script src="https://…/embed.js" data-key="pk_…" async></script>
(() => {
  "use strict";
  const script = document.currentScript || document.querySelector("script[data-key][src*='embed.js']");
  if (!script || window.Personalization) return;
  const { key, timeout = "1500", styles } = script.dataset;
  const api = new URL("api/v1/", script.src).href;
  const PURPOSES = ["analytics", "personalization", "training", "profiling_ai"];
  const OPTED_OUT = ["training", "profiling_ai"]; // by Global Privacy Control
  const YEAR = 390 * 86400;
  const trusted = window.trustedTypes?.createPolicy("personalization", { createHTML: (html) => html });

  // ---- what this browser keeps: the choice, and after a yes an id with its token
  const read = (name) => {
    const found = document.cookie.split("; ").find((each) => each.startsWith(name + "="));
    try { return found && decodeURIComponent(found.slice(name.length + 1)); } catch { return ""; }
  };
  const write = (name, value) => {
    document.cookie = `${name}=${encodeURIComponent(value)}; Path=/; SameSite=Lax; Max-Age=${value ? YEAR : 0}`
      + (location.protocol === "https:" ? "; Secure" : "");
  };
  const identity = () => {
    const [visitor, token] = (read("pz_id") || "").split("|");
    return token ? { visitor, token } : null;
  };
  const choice = () => {
    try {
      const kept = JSON.parse(read("pz_consent"));
      return kept && typeof kept === "object" ? kept : null;
    } catch { return null; }
  };
  const isYes = (purposes) => PURPOSES.some((each) => purposes?.[each] === true);
  const identify = (visitor, token) => write("pz_id", visitor && token ? `${visitor}|${token}` : "");

  const call = async (method, path, body) => {
    const headers = { Authorization: "Bearer " + key };
    const me = identity();
    if (me) headers["X-Visitor-Token"] = me.token;
    if (body) headers["Content-Type"] = "application/json";
    const answer = await fetch(api + path, { method, headers, body: body && JSON.stringify(body), credentials: "omit" });
    if (!answer.ok) throw Object.assign(new Error("personalization: " + answer.status), { status: answer.status });
    return answer.json();
  };
  const about = (path = "") => "visitors/" + encodeURIComponent(identity().visitor) + path;

  // ---- consent: a refusal by a browser without an id never leaves it
  let settled = Promise.resolve();
  const consent = (purposes, { policy = "", source = "embed" } = {}) => {
    if (!purposes) return choice();
    const wanted = Object.fromEntries(PURPOSES.map((each) => [each, purposes[each] === true
      && !(navigator.globalPrivacyControl && OPTED_OUT.includes(each))]));
    return (settled = settled.catch(() => {}).then(() => record(wanted, { purposes: wanted, policy, source })));
  };
  const record = async (wanted, body) => {
    let kept = wanted;
    if (identity()) {
      const answer = await call("PUT", about("/consent"), body).catch((error) => {
        if (error.status !== 403) throw error;
        identify(); // the token has expired: this browser begins anew
      });
      kept = answer?.purposes || wanted;
    }
    if (!identity() && isYes(wanted)) {
      const minted = await call("POST", "visitors", body);
      identify(minted.visitor, minted.token);
      kept = minted.purposes;
    }
    if (!isYes(kept)) identify();
    write("pz_consent", JSON.stringify(kept));
    document.dispatchEvent(new CustomEvent("personalization:consent", { detail: kept }));
    return kept;
  };
  const erase = async () => {
    if (identity()) await call("DELETE", about());
    identify();
    waiting = [];
    write("pz_consent", JSON.stringify(Object.fromEntries(PURPOSES.map((each) => [each, false]))));
  };
  const renew = () => { // the first part of a token is when it expires, in hexadecimal seconds
    const me = identity();
    if (!me || parseInt(me.token, 16) * 1000 - Date.now() > 14 * 864e5) return;
    call("POST", about("/token"), {}).then((got) => identify(me.visitor, got.token)).catch(() => {});
  };

  // ---- what happened: sent in batches that outlive the page
  let waiting = [], timer;
  const send = () => {
    clearTimeout(timer);
    timer = undefined;
    const me = identity();
    while (waiting.length) {
      const events = waiting.splice(0, 50);
      if (!me || !isYes(choice())) continue;
      const body = JSON.stringify({ events: events.map((each) => ({ ...each, visitor: me.visitor })), token: me.token });
      const url = api + "events?key=" + encodeURIComponent(key);
      if (!navigator.sendBeacon?.(url, body)) fetch(url, { method: "POST", body, keepalive: true, credentials: "omit" }).catch(() => {});
    }
  };
  const random = () => Array.from(crypto.getRandomValues(new Uint32Array(4)), (each) => each.toString(36)).join("");
  const track = (type, fields = {}) => {
    const event = { ...fields, id: random(), type, at: new Date().toISOString() };
    settled.catch(() => {}).then(() => {
      if (!isYes(choice())) return;
      waiting.push(event);
      if (document.visibilityState === "hidden") send();
      else timer ??= setTimeout(send, 150);
    });
  };
  addEventListener("pagehide", send);
  document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && send());

  const seen = new Set();
  const watcher = window.IntersectionObserver && new IntersectionObserver((entries) => {
    for (const { isIntersecting, target } of entries) {
      const exposure = target.dataset.pzExposure;
      if (!isIntersecting || !exposure || seen.has(exposure)) continue;
      seen.add(exposure);
      watcher.unobserve(target);
      track("exposure", { exposure });
    }
  }, { threshold: 0.3 });
  document.addEventListener("click", (event) => {
    const card = event.target.closest?.("[data-pz-slot] [data-pz-item]");
    if (!card) return;
    const { pzExposure: exposure } = card.closest("[data-pz-slot]").dataset;
    track("click", { item: card.dataset.pzItem, ...(exposure && { exposure }) });
  });

  // ---- the places: one call for all of them; whatever goes wrong, the page's own content stays
  const fallbacks = new WeakMap();
  const reserve = (place) => {
    const height = parseInt(place.dataset.pzHeight, 10);
    if (height) place.style.minHeight = height + "px";
  };
  const fill = (place, slot) => {
    if (!fallbacks.has(place)) fallbacks.set(place, [...place.childNodes]);
    if (place.contains(document.activeElement)) return; // nobody loses what they are typing
    if (slot.html) place.innerHTML = trusted ? trusted.createHTML(slot.html) : slot.html;
    else place.replaceChildren(...fallbacks.get(place));
    place.dataset.pzFilled = slot.content || "";
    if (slot.exposure) place.dataset.pzExposure = slot.exposure;
    else delete place.dataset.pzExposure;
    watch(place);
    place.dispatchEvent(new CustomEvent("personalization:slot", { bubbles: true, detail: slot }));
  };
  const watch = (place) => {
    watcher?.unobserve(place);
    if (place.dataset.pzExposure) watcher?.observe(place);
  };
  let running;
  const refresh = async (every = true) => {
    const places = [...document.querySelectorAll("[data-pz-slot]")];
    places.forEach(every ? reserve : (place) => (reserve(place), watch(place)));
    const open = places.filter((place) => every || place.dataset.pzFilled === undefined);
    const slots = [...new Set(open.map((place) => place.dataset.pzSlot))].slice(0, 100);
    if (!slots.length) return null;
    running?.abort();
    const mine = (running = new AbortController());
    const limit = setTimeout(() => mine.abort(), Number(timeout));
    try {
      const answer = await ask(slots, mine.signal);
      await styled;
      if (mine.signal.aborted) return null;
      for (const place of open) fill(place, answer.slots[place.dataset.pzSlot] || {});
      return answer;
    } catch {
      return null;
    } finally {
      clearTimeout(limit);
    }
  };
  const ask = async (slots, signal) => {
    const item = document.querySelector("[data-pz-about]")?.dataset.pzAbout;
    const context = {
      url: location.href.slice(0, 4000),
      referrer: document.referrer.slice(0, 4000),
      locale: (document.documentElement.lang || navigator.language || "").slice(0, 35),
      ...(item && { item }),
    };
    const body = JSON.stringify({ slots, context, ...(isYes(choice()) && identity()) });
    // as plain text with the key in the address, so that browsers need not ask before
    const answer = await fetch(api + "render?key=" + encodeURIComponent(key), { method: "POST", body, signal, credentials: "omit" });
    if (!answer.ok) throw new Error("personalization: " + answer.status);
    return answer.json();
  };

  const ours = document.querySelector("link[href*='personalization/blocks'],link[href$='embed.css']");
  const styled = ours || styles === "none" ? Promise.resolve() : new Promise((done) => {
    const link = document.createElement("link");
    Object.assign(link, { rel: "stylesheet", href: new URL("embed.css", script.src).href, onload: done, onerror: done });
    document.head.append(link);
  });

  window.Personalization = Object.freeze({
    consent, erase, identify, track, flush: send, refresh: () => refresh(true), visitor: () => identity()?.visitor || null,
  });
  const start = () => { renew(); refresh(false); };
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
  document.dispatchEvent(new CustomEvent("personalization:ready"));
})();
