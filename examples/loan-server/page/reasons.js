// Why an application was decided as it was, from its history. Pure, tested with node.
import { stepInWords } from "./words.js";

/**
 * The rows of consumer-scorecard.decision.yaml in words, the first row first. The history tells which rows matched, not what stands in them;
 * a test compares this list with the table.
 */
export const scorecard = [
  ["everybody", 0],
  ["no checking account here", 20],
  ["checking account: 200 DM or more", 12],
  ["checking account: 0 to 200 DM", 5],
  ["credit history: critical, or credits elsewhere", 15],
  ["credit history: paid on time so far, or once late", 8],
  ["savings: 1,000 DM or more, or not told", 10],
  ["savings: 500 to 1,000 DM", 8],
  ["savings: 100 to 500 DM", 2],
  ["4 years or more with the same employer", 8],
  ["1 to 4 years with the same employer", 4],
  ["12 months at most", 15],
  ["13 to 24 months", 10],
  ["25 to 36 months", 5],
  ["instalment of class 1 or 2", 5],
  ["instalment of class 3", 3],
  ["no instalments elsewhere", 5],
  ["house or land", 8],
  ["building savings, life insurance, car or the like", 4],
  ["a guarantor answers for it", 5],
];

/** `{points, rows: [{words, points}] or null, policy: {decision, reason, secondReview}, opinions: [{who, role, decision, comment}], verdict, ...}` */
export function reasonsOf(events) {
  const reasons = { opinions: [] };
  for (const event of events) {
    if (event.event === "decisionEvaluated" && event.element === "score") {
      reasons.points = event.output;
      reasons.rows = rowsOf(event.matchedRules ?? [], event.output);
      reasons.rules = event.matchedRules;
    }
    if (event.event === "taskCompleted" && event.output?.decision)
      reasons.opinions.push({
        step: stepInWords(event.element),
        who: event.by,
        decision: event.output.decision,
        comment: event.output.comment,
      });
    for (const write of event.writes ?? []) if (written[write.name]) reasons[written[write.name]] = write.value;
    if (event.event === "instanceCompleted" && !reasons.verdict && ["granted", "refused"].includes(event.endEvent))
      reasons.verdict = event.endEvent;
  }
  return reasons;
}

const written = { policy: "policy", verdict: "verdict", reason: "reason", security: "security", decision: "record", bureau: "bureau" };

/** The rows that matched, in words, without those of no points; null if their sum is not the points: then the table is another one. */
function rowsOf(matched, points) {
  const rows = matched.map((row) => scorecard[row - 1]);
  if (rows.some((row) => row === undefined) || rows.reduce((sum, row) => sum + row[1], 0) !== points) return null;
  return rows.filter((row) => row[1] !== 0).map(([words, worth]) => ({ words, points: worth }));
}
