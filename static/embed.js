// <statefulset-sandbox>; see docs/embedding.md.
(() => {
  const here = new URL("./", document.currentScript.src);
  const names = ["lesson", "lang", "panes", "theme", "mode", "origins"];

  class Sandbox extends HTMLElement {
    static observedAttributes = ["theme", "lang"];
    #frame;
    #ready;
    #hear = ({ data, source }) => {
      // Isolated, its origin is null.
      if (!this.#frame || source !== this.#frame.contentWindow || data?.sandbox !== 1) return;
      if (data.type === "ready") {
        this.#ready = true;
        this.post({ type: "hello" });
      }
      // Only taller, or things jump.
      if (data.type === "height" && this.#grows && data.px < 20000)
        this.style.height = Math.max(data.px, parseFloat(this.style.height)) + "px";
      this.dispatchEvent(new CustomEvent("sandbox-" + data.type, { detail: data, bubbles: true }));
    };

    get #grows() {
      return (this.getAttribute("height") || "auto") === "auto";
    }

    get #offer() {
      return this.getAttribute("click-to-load");
    }
    get src() {
      const page = new URL(this.getAttribute("src") || "index.html", here);
      page.searchParams.set("embed", "1");
      for (const name of names) if (this.hasAttribute(name)) page.searchParams.set(name, this.getAttribute(name));
      if (this.#grows) page.searchParams.set("height", "auto");
      page.hash = this.getAttribute("state") || "";
      return page.href;
    }
    set src(page) {
      this.setAttribute("src", page);
    }

    connectedCallback() {
      this.style.display = "block";
      this.style.height = (parseFloat(this.getAttribute("height")) || 560) + "px";
      addEventListener("message", this.#hear);
      const words = this.#offer;
      if (words === null) return this.show();
      const button = document.createElement("button");
      button.textContent = words || "Open";
      button.style.cssText = "width:100%;height:100%;font:inherit";
      button.onclick = () => this.show();
      this.replaceChildren(button);
    }

    disconnectedCallback() {
      removeEventListener("message", this.#hear);
      this.#ready = false;
    }

    attributeChangedCallback(name, old, now) {
      if (this.#ready && now) this.post({ type: "set", [name]: now });
    }

    show() {
      const frame = (this.#frame = document.createElement("iframe"));
      frame.src = this.src;
      frame.title = this.title || "StatefulSet sandbox";
      if (this.#offer === null) frame.loading = "lazy";
      frame.allow = "clipboard-write";
      if (this.hasAttribute("isolated")) frame.sandbox = "allow-scripts";
      frame.style.cssText = "display:block;width:100%;height:100%;border:0";
      this.replaceChildren(frame);
    }

    post(message) {
      const to = this.hasAttribute("isolated") || here.protocol === "file:" ? "*" : here.origin;
      this.#frame?.contentWindow?.postMessage({ ...message, sandbox: 1 }, to);
    }
  }

  customElements.define("statefulset-sandbox", Sandbox);
})();
