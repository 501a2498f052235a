// The messages between the sandbox and the page that embeds it, version 1, and the element that embed.js defines.
// Every message is an object with `sandbox: 1` and a `type`. What is not listed here is ignored on both sides.

/** Says which protocol this is. */
interface Enveloped {
  sandbox: 1;
}

/** The sandbox is there and listens. Sent once, before it knows who embeds it. */
export interface Ready extends Enveloped {
  type: "ready";
  /** The version of the sandbox. */
  version: string;
  /** The Kubernetes version it models. */
  kubernetes: string;
}

/** How tall its content is, in CSS pixels; only with `height=auto`. */
export interface Height extends Enveloped {
  type: "height";
  px: number;
}

/** Everything there is to the session. Sent when `get` asks for it, and a moment after something was done. */
export interface State extends Enveloped {
  type: "state";
  /** The fragment of a link that shows the same, without `#`. Keep it; give it back with `load`. */
  link: string;
  /** The moment that is looked at, in virtual milliseconds. */
  at_ms: number;
}

/** A command was run: typed, clicked, or asked for with `run`. */
export interface Command extends Enveloped {
  type: "command";
  line: string;
  at_ms: number;
}

/** An object changed. At most 50 of them are told at once; `left_out` says how many more there were. */
export interface ObjectEvent extends Enveloped {
  type: "event";
  verb: "ADDED" | "MODIFIED" | "DELETED";
  kind: string;
  namespace: string;
  name: string;
  at_ms: number;
  left_out?: number;
}

/** A goal of a lesson was reached. */
export interface Goal extends Enveloped {
  type: "goal";
  lesson: string;
  /** How many of its steps are done, and how many there are. */
  done: number;
  steps: number;
}

/** Something that was asked for cannot be done, or the page broke. */
export interface Failure extends Enveloped {
  type: "error";
  code: "bad-message" | "bad-link" | "no-lesson" | "not-allowed" | "broken";
  message: string;
}

export type FromSandbox = Ready | Height | State | Command | ObjectEvent | Goal | Failure;

/** Nothing but a first word: whoever sends the first valid message is the peer from then on. */
export interface Hello extends Enveloped {
  type: "hello";
}

/** Asks for `state`. */
export interface Get extends Enveloped {
  type: "get";
}

/** Shows a session: the fragment of a link. */
export interface Load extends Enveloped {
  type: "load";
  link: string;
}

/** Runs a command as if it was typed; refused in the mode `read-only`. At most 4096 characters. */
export interface Run extends Enveloped {
  type: "run";
  line: string;
}

/** Goes to a moment of the run. */
export interface Seek extends Enveloped {
  type: "seek";
  at_ms: number;
}

export interface Play extends Enveloped {
  type: "play";
}

export interface Pause extends Enveloped {
  type: "pause";
}

/** Changes language and colours; what is missing stays. */
export interface SetLook extends Enveloped {
  type: "set";
  lang?: string;
  theme?: "auto" | "light" | "dark";
}

export type ToSandbox = Hello | Get | Load | Run | Seek | Play | Pause | SetLook;

type Bare<M> = M extends Enveloped ? Omit<M, "sandbox"> : never;

/** `<statefulset-sandbox>`. Its events are called `sandbox-` and a message's type; `detail` is the message. */
export interface StatefulSetSandboxElement extends HTMLElement {
  /** Reads as the address of the frame; what is set is the attribute, before the frame is shown. */
  src: string;
  show(): void;
  post(message: Bare<ToSandbox>): void;
}

declare global {
  interface HTMLElementTagNameMap {
    "statefulset-sandbox": StatefulSetSandboxElement;
  }
  interface HTMLElementEventMap {
    "sandbox-ready": CustomEvent<Ready>;
    "sandbox-height": CustomEvent<Height>;
    "sandbox-state": CustomEvent<State>;
    "sandbox-command": CustomEvent<Command>;
    "sandbox-event": CustomEvent<ObjectEvent>;
    "sandbox-goal": CustomEvent<Goal>;
    "sandbox-error": CustomEvent<Failure>;
  }
}
