// Speaks with a browser by WebDriver (the W3C's recommendation), in plain requests: what Chromium, Firefox and WebKit have in
// common. Finds browsers and drivers in the variables that the set-up fills, else on PATH. Knows nothing of the page.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { createServer } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import { browserFlags } from "../journeys/lib.mjs";

/** How a member names an element in WebDriver's JSON. */
const ELEMENT = "element-6066-11e4-a52e-4f735466cecf";
/** How long one step waits for the page, and a driver for its browser. */
const STEP_MS = 30_000;
const START_MS = 60_000;

/** The key that ends a line. */
export const ENTER = "\uE007";

/** What `variable` names, or the first of these programs that is there. */
function program(variable, ...names) {
  if (process.env[variable]) return process.env[variable];
  const folders = (process.env.PATH ?? "").split(":");
  const found = names.flatMap((name) => folders.map((folder) => `${folder}/${name}`)).find((path) => existsSync(path));
  if (!found) throw new Error(`There is no ${names[0]}. Name one in the variable ${variable}, or run: cargo xtask setup --browser all`);
  return found;
}

/**
 * How each browser is started. Storage is "open", "closed" (the browser keeps nothing for anybody), or "closed to others" (for
 * frames of another site); a browser that cannot be told so has no capabilities for it.
 */
const browsers = {
  chromium: {
    driver: (port) => [program("CHROMEDRIVER", "chromedriver"), `--port=${port}`],
    capabilities(storage) {
      const closed = { closed: { "profile.default_content_setting_values.cookies": 2 }, "closed to others": { "profile.cookie_controls_mode": 1, "profile.block_third_party_cookies": true } };
      const args = ["--headless=new", "--window-size=1280,900", ...browserFlags];
      return { "goog:chromeOptions": { binary: program("CHROME", "chromium"), args, prefs: closed[storage] ?? {} } };
    },
  },
  firefox: {
    driver: (port) => [program("GECKODRIVER", "geckodriver"), "--port", `${port}`],
    capabilities(storage) {
      const closed = { closed: 2, "closed to others": 1 };
      const prefs = { "network.proxy.type": 0, ...(closed[storage] && { "network.cookie.cookieBehavior": closed[storage] }) };
      const args = ["-headless", "-width", "1280", "-height", "900"];
      return { "moz:firefoxOptions": { binary: program("FIREFOX", "firefox-esr", "firefox"), args, prefs } };
    },
  },
  webkit: {
    // It draws on a screen, so it gets one that nobody sees.
    driver: (port) => [program("XVFB_RUN", "xvfb-run"), "--auto-servernum", "--server-args=-screen 0 1280x1000x24", program("WEBKITDRIVER", "WebKitWebDriver"), `--port=${port}`],
    capabilities(storage) {
      if (storage !== "open") return null;
      return { "webkitgtk:browserOptions": { binary: program("WEBKIT", "MiniBrowser"), args: ["--automation"] } };
    },
  },
};

export const browserNames = Object.keys(browsers);

/** A port that is free now. */
async function freePort() {
  const server = createServer();
  await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
  const { port } = server.address();
  await new Promise((closed) => server.close(closed));
  return port;
}

/** Starts a browser's driver. `open(storage)` gives a session, `null` where the browser cannot be told to; `stop()` ends all. */
export async function start(name) {
  const browser = browsers[name];
  if (!browser) throw new Error(`There is no browser ${name}; there are ${browserNames.join(", ")}`);
  const port = await freePort();
  const [path, ...args] = browser.driver(port);
  const said = [];
  // A group of its own, so that the screen ends with the driver.
  const child = spawn(path, args, { stdio: ["ignore", "pipe", "pipe"], detached: true });
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (bytes) => said.push(bytes));
  const gone = new Promise((exit) => child.once("exit", exit).once("error", exit));
  const url = `http://127.0.0.1:${port}`;
  const stop = async () => {
    try {
      process.kill(-child.pid, "SIGTERM");
    } catch {
      // It has ended by itself.
    }
    await gone;
  };
  const deadline = Date.now() + START_MS;
  for (;;) {
    const answer = await fetch(`${url}/status`).then((response) => response.json()).catch(() => null);
    if (answer?.value?.ready !== undefined) break;
    if (child.exitCode !== null || Date.now() > deadline) {
      await stop();
      throw new Error(`${path} does not answer:\n${Buffer.concat(said)}`);
    }
    await wait(50);
  }
  const open = async (storage = "open") => {
    const capabilities = browser.capabilities(storage);
    if (!capabilities) return null;
    const wanted = posting({ capabilities: { alwaysMatch: capabilities } });
    const { value } = await fetch(`${url}/session`, wanted).then((response) => response.json());
    if (!value?.sessionId) throw new Error(`${name} does not start: ${value?.message}\n${Buffer.concat(said).subarray(-2_000)}`);
    return new Session(`${url}/session/${value.sessionId}`, value.capabilities);
  };
  return { open, stop };
}

/** The options of a request that carries this. */
const posting = (body) => ({ method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) });

/** What an error of WebDriver's says about an element that was drawn anew, or moved, between two steps. */
const passing = ["stale element reference", "element click intercepted", "element not interactable", "no such element"];

/** A browser with a window. */
class Session {
  #url;
  constructor(url, { browserName, browserVersion }) {
    this.#url = url;
    /** Which browser this is. */
    this.version = `${browserName} ${browserVersion}`;
  }

  async #call(method, path, body) {
    const { value } = await fetch(this.#url + path, method === "POST" ? posting(body ?? {}) : { method }).then((response) => response.json());
    if (value?.error) throw Object.assign(new Error(`${value.error}: ${value.message}`), { code: value.error });
    return value;
  }

  /** Visits an address. */
  go(address) {
    return this.#call("POST", "/url", { url: address });
  }

  reload() {
    return this.#call("POST", "/refresh");
  }

  /** Runs a function in the page or the frame that is looked at, with these arguments. */
  run(script, ...args) {
    return this.#call("POST", "/execute/sync", { script: `return (${script})(...arguments)`, args });
  }

  /** Waits until a function in the page gives something, and gives it. */
  async until(what, script, ...args) {
    const deadline = Date.now() + STEP_MS;
    for (;;) {
      const value = await this.run(script, ...args);
      if (value) return value;
      if (Date.now() > deadline) throw new Error(`It did not come: ${what}`);
      await wait(50);
    }
  }

  /** Waits for an element that can be seen. */
  see(selector) {
    const visible = (selector) => [...document.querySelectorAll(selector)].find((element) => element.checkVisibility());
    return this.until(selector, visible, selector);
  }

  /** Waits until there is no such element. */
  miss(selector) {
    return this.until(`no ${selector}`, (selector) => !document.querySelector(selector), selector);
  }

  async #act(selector, path, body) {
    const deadline = Date.now() + STEP_MS;
    for (;;) {
      const element = await this.see(selector);
      try {
        return await this.#call("POST", `/element/${element[ELEMENT]}/${path}`, body);
      } catch (error) {
        if (!passing.includes(error.code) || Date.now() > deadline) throw error;
        await wait(50);
      }
    }
  }

  click(selector) {
    return this.#act(selector, "click");
  }

  /** Clicks an element until what it is for has come about: a page that moves while it acts lets a click miss. */
  async clickUntil(selector, came, ...args) {
    for (let tries = 0; tries < 5; tries += 1) {
      await this.click(selector);
      for (const end = Date.now() + 2_000; Date.now() < end; await wait(50)) if (await this.run(came, ...args)) return;
    }
    throw new Error(`It was clicked in vain: ${selector}`);
  }

  /** Chooses an option of a list by its place, the last where it is negative. */
  async choose(selector, place) {
    await this.see(selector);
    const chosen = (selector, place) => document.querySelector(selector).selectedOptions[0] === [...document.querySelector(selector).options].at(place);
    for (let tries = 0; tries < 5; tries += 1) {
      const option = await this.run((selector, place) => [...document.querySelector(selector).options].at(place), selector, place);
      await this.#call("POST", `/element/${option[ELEMENT]}/click`);
      await wait(100);
      if (await this.run(chosen, selector, place)) return;
    }
    throw new Error(`It does not stay chosen: ${selector}`);
  }

  /** Types into an element. */
  type(selector, text) {
    return this.#act(selector, "value", { text });
  }

  /** Does something in a frame, and comes back. */
  async within(selector, work) {
    const id = await this.see(selector);
    await this.#call("POST", "/frame", { id });
    try {
      return await work();
    } finally {
      await this.#call("POST", "/frame/parent");
    }
  }

  /** What can be seen, as PNG. */
  async picture() {
    return Buffer.from(await this.#call("GET", "/screenshot"), "base64");
  }

  close() {
    return this.#call("DELETE", "");
  }
}
