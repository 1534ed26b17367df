/* Makes pages nicer; every page works without it. */
(() => {
  "use strict";
  document.documentElement.classList.add("js");

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
    bar.innerHTML = '<button type="button" data-shut>Close</button>';
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

  /* Upload: choose more than once, drop, remove by name, see it go. */
  for (const form of document.querySelectorAll("form[data-upload]")) {
    const inputs = [...form.querySelectorAll("input[type=file]")];
    const list = form.querySelector("[data-chosen]");
    const errors = form.querySelector("[data-errors]");
    const going = form.querySelector("[data-going]");
    const words = form.querySelector("[data-going-words]");
    const button = form.querySelector("button[type=submit]");
    const most = Number(form.dataset.limitMb) * 1e6;
    let chosen = [];
    const size = (n) => (n >= 1e5 ? `${(n / 1e6).toFixed(1)} MB` : `${Math.max(1, Math.round(n / 1e3))} kB`);
    const draw = () => {
      list.replaceChildren(
        ...chosen.map((file) => {
          const row = document.createElement("li");
          const name = document.createElement("span");
          name.textContent = `${file.name} (${size(file.size)})`;
          const remove = document.createElement("button");
          remove.type = "button";
          remove.className = "quiet";
          remove.textContent = `Remove ${file.name}`;
          remove.addEventListener("click", () => {
            chosen = chosen.filter((f) => f !== file);
            draw();
            button.focus();
          });
          row.append(name, remove);
          if (file.size > most) {
            const bad = document.createElement("span");
            bad.className = "bad";
            bad.textContent = `This file is larger than ${form.dataset.limitMb} MB. Send the pages with your results as a smaller file.`;
            row.append(bad);
          }
          return row;
        }),
      );
    };
    const add = (files) => {
      for (const file of files) {
        if (!chosen.some((f) => f.name === file.name && f.size === file.size)) chosen.push(file);
      }
      draw();
    };
    for (const input of inputs) {
      input.addEventListener("change", () => {
        add(input.files);
        input.value = "";
      });
    }
    const drop = form.querySelector("[data-drop]");
    for (const kind of ["dragenter", "dragover"]) {
      drop.addEventListener(kind, (event) => {
        event.preventDefault();
        drop.classList.add("over");
      });
    }
    for (const kind of ["dragleave", "drop"]) drop.addEventListener(kind, () => drop.classList.remove("over"));
    drop.addEventListener("drop", (event) => {
      event.preventDefault();
      add(event.dataTransfer.files);
    });
    const tell = (lines) => {
      errors.replaceChildren(
        ...lines.map((line) => {
          const row = document.createElement("p");
          row.textContent = line;
          return row;
        }),
      );
      errors.hidden = lines.length === 0;
    };
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (!chosen.length) {
        tell(["No file was chosen. Choose a PDF or a photo of your report, then send it."]);
        return;
      }
      tell([]);
      const body = new FormData(form);
      body.delete("files");
      body.delete("photos");
      for (const file of chosen) body.append("files", file, file.name);
      const request = new XMLHttpRequest();
      const bar = going.querySelector("progress");
      button.disabled = true;
      going.hidden = false;
      words.textContent = "Sending…";
      request.upload.onprogress = (step) => {
        if (step.lengthComputable) bar.value = (100 * step.loaded) / step.total;
      };
      request.upload.onload = () => {
        words.textContent = "Stored. Looking at it…";
      };
      const again = (lines) => {
        button.disabled = false;
        going.hidden = true;
        tell(lines);
      };
      request.onerror = () => again(["The connection broke. Nothing is lost: press the button to send again."]);
      request.onload = () => {
        let told = {};
        try {
          told = JSON.parse(request.responseText);
        } catch {
          /* Not ours: told below. */
        }
        if (told.address && !(told.refused || []).length) location.assign(told.address);
        else if (told.address) {
          again(told.refused);
          const on = document.createElement("a");
          on.className = "main";
          on.href = told.address;
          on.textContent = "Go on with the others";
          errors.append(on);
        } else again(told.refused?.length ? told.refused : [told.error || "That did not work. Try again in a minute."]);
      };
      request.open("POST", form.action);
      request.setRequestHeader("Accept", "application/json");
      request.send(body);
    });
  }

  for (const field of document.querySelectorAll("[data-copy]")) field.addEventListener("focus", () => field.select());
})();
