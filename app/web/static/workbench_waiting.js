/* What was decided and is not saved yet. It is sent in its order, again and again until it arrives, and outlives a
   reload. Which field and which action are kept for this browser; words about the patient only for this tab, gone when
   the tab is closed. */
"use strict";
window.caseguideWaiting = (bench, { receive, changed, lost }) => {
  const address = `/desk/${bench.dataset.record}`;
  const shelf = `caseguide-waiting-${bench.dataset.me}-${bench.dataset.record}`;
  const PLAIN = ["id", "fact", "action", "version", "words"];
  const NEEDS_WORDS = ["correct", "reject", "add"];
  const PAUSES = [1000, 2000, 4000];
  let entries = [];
  let held = "";
  let tries = 0;
  let timer = 0;
  let sending = false;

  function keep() {
    const plain = entries.map((e) => Object.fromEntries(PLAIN.filter((k) => k in e).map((k) => [k, e[k]])));
    const told = Object.fromEntries(entries.map((e) => [e.id, e]));
    try {
      sessionStorage.setItem(shelf, JSON.stringify(told));
      if (entries.length) localStorage.setItem(shelf, JSON.stringify(plain));
      else localStorage.removeItem(shelf);
    } catch {
      /* The browser keeps nothing; leaving the page then asks first. */
    }
    changed();
  }

  function restore() {
    let plain = [];
    let told = {};
    try {
      plain = JSON.parse(localStorage.getItem(shelf) || "[]");
      told = JSON.parse(sessionStorage.getItem(shelf) || "{}");
    } catch {
      /* Nothing that can be read was kept. */
    }
    const whole = plain.map((e) => told[e.id] || e);
    entries = whole.filter((e) => told[e.id] || !NEEDS_WORDS.includes(e.action));
    lost(whole.filter((e) => !entries.includes(e)));
    keep();
  }

  async function post(entry) {
    const { id, ...fields } = entry;
    const headers = { Accept: "application/json", "X-Form-Token": bench.dataset.token };
    return fetch(`${address}/facts`, { method: "POST", headers, body: new URLSearchParams(fields) });
  }

  /* Tells whether the answer means that this browser may no longer do anything here: then nothing is thrown away. */
  async function shutOut(status) {
    if (status === 401) return true;
    if (status === 403) {
      // Somebody signed in again in another tab: the page's own forms have another token since.
      const page = await fetch(address).catch(() => null);
      const again = page && page.ok ? new DOMParser().parseFromString(await page.text(), "text/html").querySelector("[data-bench]") : null;
      if (again && again.dataset.me === bench.dataset.me) bench.dataset.token = again.dataset.token;
      return true;
    }
    if (status !== 404) return false;
    const answer = await fetch(`${address}/state`, { headers: { Accept: "application/json" } }).catch(() => null);
    return !answer || !answer.ok;
  }

  async function sendAll() {
    while (entries.length) {
      const entry = entries[0];
      const answer = await post(entry).catch(() => null);
      if (!answer || answer.status >= 500 || answer.status === 429) {
        held = "No connection";
        tries += 1;
        return;
      }
      if (await shutOut(answer.status)) {
        held = "Signed out";
        tries += 1;
        return;
      }
      held = "";
      tries = 0;
      const told = await answer.json().catch(() => ({ error: "This was not saved. Reload the page, then try again." }));
      const same = { confirm: "confirmed", correct: "corrected", reject: "rejected", add: "added", move: "corrected", undo: told.review }[entry.action];
      // The answer to the first try was lost on the way: what it was about has been saved.
      const arrived = answer.status === 409 && told.mine && told.version === Number(entry.version) + 1 && (told.review === same || told.review === "added");
      const status = arrived ? 200 : answer.status;
      entries.shift();
      // What follows for the same fact was built on this one.
      const followers = status === 200 ? [] : entries.filter((e) => e.fact === entry.fact);
      entries = entries.filter((e) => !followers.includes(e));
      keep();
      receive(entry, status, told, followers);
    }
  }

  async function send() {
    clearTimeout(timer);
    if (sending) return;
    sending = true;
    try {
      // Of several tabs with the same case only one sends.
      if (navigator.locks) await navigator.locks.request(shelf, { ifAvailable: true }, (lock) => (lock ? sendAll() : null));
      else await sendAll();
    } finally {
      sending = false;
    }
    changed();
    if (entries.length) timer = setTimeout(send, PAUSES[Math.min(tries, PAUSES.length - 1)]);
  }

  window.addEventListener("online", send);
  window.addEventListener("focus", send);
  window.addEventListener("beforeunload", (event) => {
    let kept = null;
    try {
      kept = sessionStorage.getItem(shelf);
    } catch {
      /* Nothing is kept. */
    }
    if (entries.length && !kept) event.preventDefault();
  });
  return {
    restore,
    send,
    count: () => entries.length,
    held: () => held,
    of: (fact) => entries.filter((e) => e.fact === fact),
    push(entry) {
      entries.push({ id: crypto.getRandomValues(new Uint32Array(2)).join("-"), ...entry });
      keep();
      send();
    },
    forget() {
      entries = [];
      held = "";
      keep();
    },
  };
};
