/* Makes pages nicer; every page works without it. */
(() => {
  "use strict";
  document.documentElement.classList.add("js");
  const words = JSON.parse(document.body.dataset.words || "{}");
  const t = (text) => words[text] || text;

  /* A source opens as a sheet over the page. */
  let sheet = null;
  const openSheet = async (address) => {
    let answer;
    try {
      answer = await fetch(address, { credentials: "same-origin" });
    } catch {
      location.assign(address);
      return;
    }
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const content = page.querySelector("[data-sheet-content]");
    if (!answer.ok || !content) {
      location.assign(address);
      return;
    }
    if (!sheet) {
      sheet = document.createElement("dialog");
      sheet.className = "over";
      document.body.append(sheet);
      sheet.addEventListener("click", (event) => {
        if (event.target === sheet || event.target.closest("[data-shut]")) sheet.close();
      });
    }
    const bar = document.createElement("div");
    bar.className = "bar";
    const shut = document.createElement("button");
    shut.type = "button";
    shut.dataset.shut = "";
    shut.textContent = t("Close");
    bar.append(shut);
    const heading = content.querySelector("h1");
    const title = document.createElement("h2");
    title.id = "sheet-title";
    title.textContent = heading.textContent;
    heading.replaceWith(title);
    sheet.setAttribute("aria-labelledby", "sheet-title");
    sheet.replaceChildren(bar, document.importNode(content, true));
    if (!sheet.open) sheet.showModal();
    sheet.scrollTop = 0;
    const paper = sheet.querySelector(".paper");
    if (paper && sheet.clientWidth < 600) paper.classList.replace("zoom-1", "zoom-2");
    const mark = sheet.querySelector("#mark");
    if (mark) mark.scrollIntoView({ block: "center", inline: "center", behavior: "instant" });
  };
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-sheet]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    if (typeof HTMLDialogElement === "undefined") return;
    event.preventDefault();
    openSheet(link.href);
  });

  /* The working page follows the reading. */
  const progress = document.querySelector("[data-progress]");
  if (progress && ["reading", "explaining"].includes(progress.dataset.phase)) {
    const base = progress.dataset.progress;
    const show = async (told) => {
      if (told.phase === "ready") {
        location.replace(base);
        return;
      }
      if (told.mark === progress.dataset.mark) return;
      const answer = await fetch(`${base}/progress`, { credentials: "same-origin" });
      if (!answer.ok) return;
      const typing = progress.contains(document.activeElement) && document.activeElement.matches("input");
      if (!typing) progress.innerHTML = await answer.text();
      progress.dataset.mark = told.mark;
    };
    const poll = async () => {
      try {
        const answer = await fetch(`${base}/state`, { credentials: "same-origin" });
        if (answer.ok) {
          const told = await answer.json();
          await show(told);
          if (told.phase === "nothing" || told.phase === "ready") return;
        }
      } catch {
        /* The phone slept or the network broke: the next look tries again. */
      }
      setTimeout(poll, 1500);
    };
    const listen = () => {
      const events = new EventSource(`${base}/events`);
      events.onmessage = (event) => {
        const told = JSON.parse(event.data);
        show(told);
        if (told.phase === "nothing" || told.phase === "ready") events.close();
      };
      events.onerror = () => {
        events.close();
        setTimeout(poll, 1000);
      };
    };
    if ("EventSource" in window) listen();
    else poll();
    document.addEventListener("visibilitychange", () => {
      if (!document.hidden) fetch(`${base}/state`).then((a) => a.ok && a.json().then(show));
    });
  }

  for (const field of document.querySelectorAll("[data-copy]")) field.addEventListener("focus", () => field.select());
})();
