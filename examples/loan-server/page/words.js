// The words of the process for people: what a value of the data means, what a step is about. A value that stands here nowhere is shown
// as it came, so a process that has grown is still readable.

/** What an applicant tells: the variables of consumer-credit that its tables read. The first value of a list is not the default, `usual` is. */
export const questions = [
  {
    title: "The loan",
    fields: [
      { name: "amount_dm", label: "Amount in DM", type: "number", min: 100, max: 100000, usual: 3000 },
      { name: "duration_months", label: "Months to repay", type: "number", min: 1, max: 120, usual: 24 },
      {
        name: "purpose",
        label: "What for",
        usual: "furniture",
        values: {
          new_car: "a new car",
          used_car: "a used car",
          furniture: "furniture",
          radio_tv: "radio or television",
          appliances: "household appliances",
          repairs: "repairs",
          education: "education",
          retraining: "retraining",
          business: "business",
          other: "something else",
        },
      },
      {
        name: "installment_rate_percent_of_income",
        label: "Instalment, compared with income",
        type: "class",
        usual: 4,
        values: { 1: "class 1", 2: "class 2", 3: "class 3", 4: "class 4" },
      },
    ],
  },
  {
    title: "Money and work",
    fields: [
      {
        name: "checking_account",
        label: "Checking account",
        usual: "0_to_200",
        values: { no_account: "none here", below_0: "overdrawn", "0_to_200": "0 to 200 DM", "200_or_more": "200 DM or more" },
      },
      {
        name: "savings",
        label: "Savings",
        usual: "below_100",
        values: {
          unknown_or_none: "none, or not told",
          below_100: "below 100 DM",
          "100_to_500": "100 to 500 DM",
          "500_to_1000": "500 to 1,000 DM",
          "1000_or_more": "1,000 DM or more",
        },
      },
      {
        name: "employment_since",
        label: "With the same employer",
        usual: "1_to_4_years",
        values: {
          unemployed: "not employed",
          below_1_year: "less than a year",
          "1_to_4_years": "1 to 4 years",
          "4_to_7_years": "4 to 7 years",
          "7_years_or_more": "7 years or more",
        },
      },
      {
        name: "property",
        label: "Property",
        usual: "car_or_other",
        values: {
          real_estate: "house or land",
          savings_or_life_insurance: "building savings or life insurance",
          car_or_other: "a car or the like",
          unknown_or_none: "none, or not told",
        },
      },
    ],
  },
  {
    title: "Other obligations",
    fields: [
      {
        name: "credit_history",
        label: "Earlier credits",
        usual: "existing_paid_till_now",
        values: {
          none_or_all_paid: "none, or all paid back",
          all_paid_at_this_bank: "all at this bank paid back",
          existing_paid_till_now: "running ones, paid on time so far",
          past_delay: "paid late in the past",
          critical_or_other_credits: "critical, or credits elsewhere",
        },
      },
      {
        name: "other_installment_plans",
        label: "Instalments elsewhere",
        usual: "none",
        values: { none: "none", bank: "at a bank", stores: "at a store" },
      },
      {
        name: "other_debtors",
        label: "Others who answer for it",
        usual: "none",
        values: { none: "nobody", co_applicant: "a co-applicant", guarantor: "a guarantor" },
      },
    ],
  },
];

const fields = new Map(questions.flatMap((part) => part.fields).map((field) => [field.name, field]));

/** `furniture` of `purpose` as people say it. */
export function valueInWords(name, value) {
  if (value === null || value === undefined) return "not known";
  return fields.get(name)?.values?.[value] ?? String(value);
}

export const labelOf = (name) => fields.get(name)?.label ?? sentence(name);

const numbers = new Intl.NumberFormat("en-GB", { maximumFractionDigits: 2 });
export const number = (value) => (typeof value === "number" ? numbers.format(value) : String(value ?? ""));
export const money = (value) => (typeof value === "number" ? `${numbers.format(value)} DM` : String(value ?? ""));
export const months = (value) => `${number(value)} ${value === 1 ? "month" : "months"}`;

const clock = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" });
const day = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
export const timeOfDay = (milliseconds) => clock.format(milliseconds);
export const dayAndTime = (milliseconds) => day.format(milliseconds);

/** `1.5 s`, `3 min 20 s`, `2 h 5 min`. */
export function howLong(milliseconds) {
  if (milliseconds < 1000) return `${Math.max(0, Math.round(milliseconds))} ms`;
  const seconds = milliseconds / 1000;
  if (seconds < 60) return `${seconds < 10 ? seconds.toFixed(1) : Math.round(seconds)} s`;
  const whole = Math.round(seconds);
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  if (whole < 86400) return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
  return `${Math.floor(whole / 86400)} d ${Math.floor((whole % 86400) / 3600)} h`;
}

const steps = {
  "application-received": "Application at the counter",
  "application-posted": "Application by post",
  "check-application": "Plausibility check",
  "not-plausible": "Not plausible",
  "check-credit": "Inquiry at the credit bureau",
  "bureau-unavailable": "No answer from the credit bureau",
  "value-property": "Valuation of the property",
  "property-unavailable": "No valuation of the property",
  score: "Scorecard",
  "apply-policy": "Policy",
  "commercial-review": "Commercial review",
  "risk-review": "Risk review",
  "commercial-late": "Reminder due",
  "remind-commercial": "Reminder to the clerk",
  "commercial-reminded": "Clerk reminded",
  "record-decision": "Entry in the register",
  "notify-applicant": "Note to the applicant",
  granted: "End: granted",
  refused: "End: refused",
};

/** What happens at an element of the process. */
export const stepInWords = (element) => steps[element] ?? sentence(element);

/** `value-property` -> `Value property`. */
export function sentence(id) {
  const words = String(id)
    .replace(/[-_.]+/g, " ")
    .trim();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** The states that an application may be in, in the order of the counters. */
export const states = [
  { id: "running", label: "Running", icon: "running" },
  { id: "commercial", label: "For commercial", icon: "person" },
  { id: "risk", label: "For risk", icon: "shield" },
  { id: "incident", label: "Incident", icon: "warning" },
  { id: "granted", label: "Granted", icon: "check" },
  { id: "refused", label: "Refused", icon: "cross" },
  { id: "other", label: "Ended otherwise", icon: "stop" },
];
export const stateOf = (id) => states.find((state) => state.id === id);
