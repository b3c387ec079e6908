// The page: which view is shown, the connection, and the applications that all views share.
import { Applications } from "./applications.js";
import { announce, setText } from "./dom.js";
import { Live } from "./live.js";
import { server } from "./server.js";
import { timeOfDay } from "./words.js";
import { ApplyView } from "./apply_view.js";
import { DetailView } from "./detail_view.js";
import { ListView } from "./list_view.js";
import { TasksView } from "./tasks_view.js";

const process = "consumer-credit";
const applications = new Applications(process);
const at = (id) => document.getElementById(id);

const list = new ListView(applications);
const detail = new DetailView(applications, server);
const tasks = new TasksView(applications, server);
const apply = new ApplyView(process, server);

// ---- views ------------------------------------------------------------------------------------------------------------------

const titles = { applications: "Applications", tasks: "Tasks", apply: "Apply for a loan" };

/** `#/applications/KEY` -> ["applications", "KEY"] */
function place() {
  const [view, key] = location.hash.replace(/^#\/?/, "").split("/");
  return [titles[view] ? view : "applications", key ? decodeURIComponent(key) : ""];
}

let shown = "";
function show() {
  if (location.hash && !location.hash.startsWith("#/")) return; // the link that skips to the content
  const [view, key] = place();
  for (const name of Object.keys(titles)) at(`${name}-view`).hidden = name !== view;
  for (const link of document.querySelectorAll("nav a")) {
    const isHere = link.getAttribute("href") === `#/${view}`;
    if (isHere) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  document.title = `${titles[view]} · Consumer credit`;
  document.body.dataset.view = view;
  document.body.dataset.open = key ? "one" : "";
  list.select(view === "applications" ? key : "");
  detail.show(view === "applications" ? key : "");
  tasks.show(view === "tasks", key);
  apply.show(view === "apply");
  if (view === "applications") list.draw();
  if (shown && shown !== view) {
    at("content").focus({ preventScroll: true });
    scrollTo(0, 0);
  }
  shown = view;
}
addEventListener("hashchange", show);

// ---- the connection ---------------------------------------------------------------------------------------------------------

let lastLive;
const live = new Live(applications, server, {
  onState(state) {
    // A connection that is tried again is still away for whoever looks.
    const isAway = state === "away" || (state === "connecting" && !at("away").hidden);
    const words = isAway ? "Server away" : { connecting: "Connecting", live: "Live" }[state];
    at("connection").dataset.state = isAway ? "away" : state;
    setText(at("connection-text"), words);
    if (state === "away" && at("away").hidden) {
      at("away").hidden = false;
      setText(
        at("away"),
        lastLive
          ? `The server has not answered since ${timeOfDay(Date.now())}. What you see is from then; the page goes on by itself as soon as it is back.`
          : "The server does not answer. The page goes on by itself as soon as it does.",
      );
    }
    if (state !== "live") return;
    if (!at("away").hidden) {
      at("away").hidden = true;
      announce("The server is back.");
      tasks.serverIsBack();
    }
    lastLive = Date.now();
    detail.refresh();
  },
  onChange(keys) {
    list.draw(live.isListed);
    detail.changed(keys);
    tasks.draw();
    const open = applications.tasks.size;
    at("tasks-open").hidden = open === 0;
    setText(at("tasks-open"), open);
  },
});

show();
live.start();
