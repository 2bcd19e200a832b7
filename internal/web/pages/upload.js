// @ts-check
"use strict";

// Sends a file to its bucket and shows how far it is. Without this script the
// same form works: the browser posts it, and the bucket leads to the page for
// afterwards. Every word that is shown stands on the page already.
(() => {
  const form = document.querySelector("form[data-upload]");
  const scripted = document.querySelector("form[data-scripted]");
  const input = document.getElementById("bestand");
  const fault = document.getElementById("bestand-fout");
  const bar = document.getElementById("voortgang");
  if (!(form instanceof HTMLFormElement) || !(scripted instanceof HTMLFormElement)) return;
  if (!(input instanceof HTMLInputElement) || !(bar instanceof HTMLProgressElement) || !fault) return;
  const tick = form.querySelector("input[type=checkbox]");
  const button = form.querySelector("button");
  const progress = form.querySelector("[data-progress]");
  const said = form.querySelector("[data-said]");
  const plain = form.querySelector("[data-plain]");
  const title = document.title;
  let busy = false;

  /**
   * Gives the sentence for a word.
   * @param {string} word
   * @returns {string}
   */
  const says = (word) => document.querySelector(`[data-word="${word}"]`)?.textContent ?? "";

  /**
   * Says aloud how it goes.
   * @param {string} text
   */
  const tell = (text) => {
    if (said && said.textContent !== text) said.textContent = text;
  };

  /** Shows whether a file is on its way. @param {boolean} under */
  const show = (under) => {
    busy = under;
    if (button) button.disabled = under;
    if (progress instanceof HTMLElement) progress.hidden = !under;
  };

  /**
   * Says what is wrong, at the field, and leads there.
   * @param {string} word
   */
  const refuse = (word) => {
    show(false);
    tell("");
    fault.textContent = says(word) || says("lost");
    document.title = (form.dataset.fout ?? "") + title;
    const field = word === "tick" && tick instanceof HTMLInputElement ? tick : input;
    field.setAttribute("aria-invalid", "true");
    field.focus();
  };

  /** Takes an earlier refusal away. */
  const clear = () => {
    fault.textContent = "";
    document.title = title;
    input.removeAttribute("aria-invalid");
    tick?.removeAttribute("aria-invalid");
  };

  /**
   * Tells by its first bytes what a file is, as the server will do.
   * @param {Uint8Array} bytes
   * @returns {string} the word for a refusal; empty for a picture that is read
   */
  const kind = (bytes) => {
    const start = String.fromCharCode(...bytes);
    if (start.startsWith("\xff\xd8\xff") || start.startsWith("\x89PNG\r\n\x1a\n")) return "";
    if (start.startsWith("GIF8")) return "gif";
    if (start.startsWith("WEBP", 8)) return "webp";
    if (start.startsWith("II*\0") || start.startsWith("MM\0*")) return "tiff";
    if (start.startsWith("PK")) return "zip";
    if (start.startsWith("ftyp", 4)) {
      if (/avif|avis/.test(start.slice(8, 32))) return "avif";
      if (/hei[cxms]|hev[cx]|mif1|msf1/.test(start.slice(8, 32))) return "heic";
    }
    if (start.includes("%PDF-")) return "pdf";
    return /<svg/i.test(start) ? "svg" : "unknown";
  };

  /**
   * Looks whether a file can be sent at all.
   * @param {File} file
   * @returns {Promise<string>} the word for what is wrong; empty for nothing
   */
  const check = async (file) => {
    if (file.size === 0) return "empty";
    if (file.size > Number(form.dataset.max)) return "too-large";
    if (!("pictures" in form.dataset)) return "";
    try {
      return kind(new Uint8Array(await file.slice(0, 1024).arrayBuffer()));
    } catch {
      return "damaged"; // the device cannot read it
    }
  };

  /**
   * Posts a file with the fields that were signed for it. The file comes last:
   * the bucket ignores what stands behind it. A second try goes to the same place
   * and takes the place of the first.
   * @param {File} file
   */
  const send = (file) => {
    const body = new FormData(scripted);
    body.append("file", file, "file"); // its own name may hold somebody's
    const request = new XMLHttpRequest();
    request.open("POST", scripted.getAttribute("action") ?? "");
    request.upload.addEventListener("progress", (event) => {
      if (!event.lengthComputable) return;
      bar.value = Math.floor((100 * event.loaded) / event.total);
      tell(`${says("under-way")} ${bar.value - (bar.value % 25)}%`);
    });
    request.addEventListener("load", () => {
      if (request.status === 201) {
        location.assign(form.dataset.done ?? "");
      } else if (request.responseText.includes("EntityTooLarge")) {
        refuse("too-large");
      } else {
        refuse(request.status === 403 ? "expired" : "lost");
      }
    });
    request.addEventListener("error", () => refuse("lost"));
    request.addEventListener("abort", () => refuse("lost"));
    request.send(body);
  };

  // Whoever goes back after sending gets the page as it was, and would send a second
  // file to the place of the first. A fresh page has a place of its own.
  addEventListener("pageshow", (event) => {
    if (event.persisted) location.reload();
  });

  form.noValidate = true; // the browser would speak its own language
  if (plain instanceof HTMLElement) plain.hidden = true; // no strange page comes after this script
  input.addEventListener("change", clear);
  tick?.addEventListener("change", clear);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (busy) return;
    clear();
    const file = input.files?.[0];
    if (!file) return refuse("none");
    if (tick instanceof HTMLInputElement && !tick.checked) return refuse("tick");
    bar.value = 0;
    show(true);
    const wrong = await check(file);
    if (wrong) return refuse(wrong);
    tell(says("under-way"));
    send(file);
  });
})();
