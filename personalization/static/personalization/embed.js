// Fills the slots of a page, keeps the visitor's choice, sends what happened. No dependency.
// Nothing is stored and nobody is named before consent; whatever fails leaves the page as it was.
(() => {
  "use strict";
  const script = document.currentScript;
  const { key, timeout = 1500, css = "/static/personalization/blocks.css" } = script.dataset;
  const root = new URL(".", script.src);
  const api = `${root}api/v1/`;
  const PURPOSES = ["analytics", "personalization", "training", "profiling_ai"];
  const GPC = ["training", "profiling_ai"]; // what Global Privacy Control opts out of
  const YEAR = 31536000;
  const RENEW_SECONDS = 14 * 86400;
  const policy = window.trustedTypes?.createPolicy("personalization", { createHTML: (html) => html });
  const markup = (html) => (policy ? policy.createHTML(html) : html);

  // ------------------------------------------------------------ what the browser remembers
  const read = (name) => {
    const found = document.cookie.split("; ").find((one) => one.startsWith(`${name}=`));
    try {
      return found ? decodeURIComponent(found.slice(name.length + 1)) : null;
    } catch {
      return null;
    }
  };
  const write = (name, value) => {
    const secure = location.protocol === "https:" ? "; Secure" : "";
    const age = value === null ? 0 : YEAR;
    document.cookie =
      `${name}=${encodeURIComponent(value ?? "")}; Path=/; Max-Age=${age}; SameSite=Lax${secure}`;
  };
  const choice = () => {
    try {
      return JSON.parse(read("pz_consent"));
    } catch {
      return null;
    }
  };
  const allows = (purposes) => Object.values(purposes || {}).includes(true);
  const identity = () => {
    const kept = read("pz_id") || "";
    const at = kept.lastIndexOf("|");
    return at > 0 ? { visitor: kept.slice(0, at), token: kept.slice(at + 1) } : null;
  };
  // A preview (its signed token) is nobody's visit: nobody is named, nothing is told or kept.
  const look = new URLSearchParams(location.search).get("pz_preview") || read("pz_preview");
  const known = () => (!look && allows(choice()) ? identity() : null);
  const name = ({ visitor, token }) => write("pz_id", `${visitor}|${token}`);
  const address = ({ visitor }, more = "") => `visitors/${encodeURIComponent(visitor)}${more}`;
  const say = (place, name, detail) =>
    place.dispatchEvent(new CustomEvent(`pz:${name}`, { bubbles: true, detail }));

  const call = async (method, path, body, signal) => {
    const me = identity();
    const headers = { Authorization: `Bearer ${key}`, "Content-Type": "application/json" };
    if (look) headers["X-Preview"] = encodeURIComponent(look); // whatever it is, a header carries it
    else if (me) headers["X-Visitor-Token"] = me.token;
    const answer = await fetch(api + path, {
      method, headers, signal, credentials: "omit", body: body && JSON.stringify(body),
    });
    if (!answer.ok) {
      const { status } = answer;
      throw Object.assign(new Error(`personalization: ${status}`), { status });
    }
    return answer.json();
  };

  // ------------------------------------------------------------ consent
  let settled = Promise.resolve(); // the last choice has been told
  const choose = (purposes, more) =>
    (settled = settled.catch(() => {}).then(() => record(purposes, more)));
  const record = async (purposes, { policy = "default", source = "site" } = {}) => {
    if (look) return choice();
    const out = navigator.globalPrivacyControl ? GPC : [];
    const wanted = Object.fromEntries(
      PURPOSES.map((each) => [each, purposes[each] === true && !out.includes(each)]));
    const keep = (kept) => write("pz_consent", JSON.stringify(kept));
    if (!allows(wanted)) keep(wanted); // a refusal holds even if nobody can be told
    keep(await tell({ purposes: wanted, policy, source }));
    say(document, "consent", choice());
    await refresh();
    return choice();
  };
  const tell = async (body) => {
    const me = identity();
    try {
      if (me) {
        const { purposes } = await call("PUT", address(me, "/consent"), body);
        if (!allows(purposes)) write("pz_id", null);
        return purposes;
      }
    } catch (error) {
      if (error.status !== 403) throw error;
      write("pz_id", null); // the token has run out: this browser begins anew
    }
    if (!allows(body.purposes)) return body.purposes; // without an id it stays in the browser
    const made = await call("POST", "visitors", body);
    name(made);
    return made.purposes;
  };
  // A refusal that reached nobody, the server being away, is told by the next page: the id is kept
  // until then.
  const retell = () => {
    const kept = choice();
    if (kept && !allows(kept) && identity()) choose(kept).catch(() => {});
  };
  const erase = async () => {
    if (look) return;
    const me = identity();
    if (me) await call("DELETE", address(me));
    write("pz_id", null);
    write("pz_consent", null);
    await refresh();
  };
  const renew = async () => {
    const me = known(); // a token begins with the second when it expires, in hexadecimal
    if (me && parseInt(me.token, 16) - Date.now() / 1000 < RENEW_SECONDS) {
      const { token } = await call("POST", address(me, "/token"));
      name({ ...me, token });
    }
  };

  // ------------------------------------------------------------ slots
  const before = new WeakMap(); // place -> what the page itself shows there
  const values = {};
  let last = location.href;
  let came = document.referrer;
  let running;

  const styled = () => {
    if (!css || document.querySelector('link[href*="personalization/blocks"]')) return null;
    const link = document.createElement("link");
    link.rel = "stylesheet";
    link.nonce = script.nonce; // for policies that name no address
    link.href = new URL(css, root).href;
    return new Promise((done) => {
      link.onload = link.onerror = done;
      document.head.append(link);
    });
  };
  const put = (place, slot) => {
    if (!before.has(place)) before.set(place, [...place.childNodes]);
    if (slot.data !== null) values[place.dataset.pzSlot] = slot.data;
    if (place.contains(document.activeElement)) return; // somebody is just using it
    if (slot.html) place.innerHTML = markup(slot.html);
    else place.replaceChildren(...before.get(place));
    place.dataset.pzState = slot.html || slot.data !== null ? "filled" : "default";
    if (slot.exposure) place.dataset.pzExposure = slot.exposure;
    else delete place.dataset.pzExposure;
    say(place, "slot", slot);
    watch(place);
  };
  const fill = async (places) => {
    if (!places.length) return;
    for (const place of places) {
      if (place.dataset.pzHeight) place.style.minHeight = `${Number(place.dataset.pzHeight)}px`;
    }
    if (location.href !== last) [came, last] = [last, location.href];
    running?.abort();
    const mine = (running = new AbortController());
    const late = setTimeout(() => mine.abort(), Number(timeout));
    const about = document.querySelector("[data-pz-about]");
    const me = known();
    const context = { url: last.slice(0, 4000), locale: document.documentElement.lang || navigator.language };
    if (came) context.referrer = came.slice(0, 4000);
    if (about) context.item = about.dataset.pzAbout;
    const slots = [...new Set(places.map((place) => place.dataset.pzSlot))];
    try {
      const answer = await call("POST", "render", { slots, context, ...me }, mine.signal);
      if (Object.values(answer.slots).some((slot) => slot.html)) await styled();
      if (mine.signal.aborted) throw new Error("late");
      for (const place of places) put(place, answer.slots[place.dataset.pzSlot]);
    } catch {
      for (const place of places) place.dataset.pzState ||= "default";
    } finally {
      clearTimeout(late);
    }
    say(document, "filled");
  };
  const places = (more = "") => [...document.querySelectorAll(`[data-pz-slot]${more}`)];
  const refresh = () => fill(places());

  // ------------------------------------------------------------ what happened
  const waiting = [];
  const seen = new Set();
  let soon;
  const random = () =>
    [...crypto.getRandomValues(new Uint8Array(16))].map((one) => one.toString(36)).join("");
  const send = () => {
    clearTimeout(soon);
    const me = known();
    const events = waiting.splice(0, 50);
    if (!me || !events.length) return;
    const url = `${api}events?key=${encodeURIComponent(key)}`;
    for (const event of events) event.visitor = me.visitor;
    const body = JSON.stringify({ events, token: me.token });
    if (!navigator.sendBeacon?.(url, body)) {
      fetch(url, { method: "POST", body, credentials: "omit", keepalive: true }).catch(() => {});
    }
    if (waiting.length) send();
  };
  const track = (type, fields = {}) => {
    const event = { ...fields, id: random(), type, at: new Date().toISOString() };
    settled.catch(() => {}).then(() => {
      if (!known()) return;
      waiting.push(event);
      clearTimeout(soon);
      if (document.hidden) send();
      else soon = setTimeout(send, 50);
    });
  };
  const eye = new IntersectionObserver((entries) => {
    for (const { isIntersecting, target } of entries) {
      const { pzExposure: exposure } = target.dataset;
      if (!isIntersecting || !exposure || seen.has(exposure)) continue;
      seen.add(exposure);
      track("exposure", { exposure });
    }
  }, { threshold: 0.3 });
  const watch = (place) => {
    eye.unobserve(place);
    eye.observe(place);
  };
  document.addEventListener("click", ({ target }) => {
    const place = target.closest?.("[data-pz-slot]");
    if (!place || !target.closest("a, button")) return;
    const item = target.closest("[data-pz-item]")?.dataset.pzItem;
    track("click", { item, exposure: place.dataset.pzExposure });
  });
  addEventListener("pagehide", send);
  document.addEventListener("visibilitychange", () => document.hidden && send());

  // ------------------------------------------------------------ for the site's own scripts
  const queued = window.Personalization;
  const Personalization = (window.Personalization = {
    consent: (purposes, more) => (purposes ? choose(purposes, more) : choice()),
    choice,
    erase,
    refresh,
    track,
    visitor: () => known()?.visitor ?? null,
    data: (slot) => values[slot],
    push: ([name, ...rest]) => Personalization[name]?.(...rest),
  });
  if (Array.isArray(queued)) queued.forEach(Personalization.push);

  const start = () => {
    retell();
    renew().catch(() => {}); // at worst the next page does it
    if (look) {
      const { nonce } = script;
      document.head.append(
        Object.assign(document.createElement("script"), { nonce, src: `${root}preview.js` }));
    }
    places("[data-pz-rendered]").forEach(watch);
    fill(places(":not([data-pz-rendered])"));
  };
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();
