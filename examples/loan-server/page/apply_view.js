// The application form.
import { announce, el, setText } from "./dom.js";
import { samples } from "./samples.js";
import { money, months, questions, valueInWords } from "./words.js";

const at = (id) => document.getElementById(id);

export class ApplyView {
  constructor(process, server) {
    this.process = process;
    this.server = server;
    at("questions").append(...questions.map(part));
    at("sample").append(
      ...samples.map(({ row, variables }, i) =>
        el(
          "option",
          { value: i },
          `${money(variables.amount_dm)}, ${months(variables.duration_months)}, ${valueInWords("purpose", variables.purpose)} (row ${row})`,
        ),
      ),
    );
    at("fill").addEventListener("click", () => this.#fill(samples[at("sample").value]));
    at("apply-form").addEventListener("submit", (submitted) => this.#submit(submitted));
    // Once something is changed it is another application, not the same one sent again.
    at("apply-form").addEventListener("input", () => (this.number = undefined));
  }

  show(visible) {
    if (visible) at("apply-problem").hidden = true;
  }

  #fill({ row, variables }) {
    for (const [name, value] of Object.entries(variables)) at("apply-form").elements[name].value = value;
    this.number = undefined;
    announce(`Filled in with row ${row} of the data.`);
  }

  async #submit(submitted) {
    submitted.preventDefault();
    if (this.sending) return;
    const variables = this.#variables();
    if (!variables) return;
    this.number ??= newNumber();
    const name = `web-${this.number}`;
    this.sending = true;
    at("send").disabled = true;
    at("apply-problem").hidden = true;
    try {
      const { processInstanceKey } = await this.server.apply(this.process, name, { applicant: this.number, ...variables }, name);
      this.number = undefined;
      announce(`Application ${name} is received.`);
      location.hash = `#/applications/${encodeURIComponent(processInstanceKey)}`;
    } catch (error) {
      at("apply-problem").hidden = false;
      setText(
        at("apply-problem"),
        error.isAway ? `${error.message} Send it again when the server is back: it counts once.` : error.message,
      );
    } finally {
      this.sending = false;
      at("send").disabled = false;
    }
  }

  /** Nothing if something is missing; then the first such field has the focus. */
  #variables() {
    const variables = {};
    for (const field of questions.flatMap(({ fields }) => fields)) {
      const control = at("apply-form").elements[field.name];
      const isGood = control.checkValidity();
      control.setAttribute("aria-invalid", String(!isGood));
      if (!isGood) {
        at("apply-problem").hidden = false;
        setText(at("apply-problem"), `${field.label}: a whole number from ${field.min} to ${field.max}, please.`);
        control.focus();
        return undefined;
      }
      variables[field.name] = field.type ? Number(control.value) : control.value;
    }
    return variables;
  }
}

function part({ title, fields }) {
  return el(
    "fieldset",
    { class: "part" },
    el("legend", {}, title),
    el("div", { class: "fields" }, ...fields.map((field) => el("label", { class: "field" }, el("span", {}, field.label), control(field)))),
  );
}

function control({ name, type, min, max, usual, values }) {
  if (type === "number") return el("input", { name, type, min, max, step: 1, value: usual, required: true, inputmode: "numeric" });
  const select = el("select", { name }, ...Object.entries(values).map(([value, words]) => el("option", { value }, words)));
  select.value = String(usual);
  return select;
}

/** Nine random digits. */
function newNumber() {
  const [random] = crypto.getRandomValues(new Uint32Array(1));
  return 100_000_000 + (random % 900_000_000);
}
