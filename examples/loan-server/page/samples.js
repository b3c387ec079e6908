// A few rows of examples/data/german-credit.csv: Statlog (German Credit Data), H. Hofmann, 1994, UCI Machine Learning Repository, CC BY 4.0.
// Only what the decision may look at.
const columns = [
  "checking_account",
  "duration_months",
  "credit_history",
  "purpose",
  "amount_dm",
  "savings",
  "employment_since",
  "installment_rate_percent_of_income",
  "other_debtors",
  "property",
  "other_installment_plans",
];
const rows = [
  [1, "below_0", 6, "critical_or_other_credits", "radio_tv", 1169, "unknown_or_none", "7_years_or_more", 4, "none", "real_estate", "none"],
  [2, "0_to_200", 48, "existing_paid_till_now", "radio_tv", 5951, "below_100", "1_to_4_years", 2, "none", "real_estate", "none"],
  [3, "no_account", 12, "critical_or_other_credits", "education", 2096, "below_100", "4_to_7_years", 2, "none", "real_estate", "none"],
  [
    4,
    "below_0",
    42,
    "existing_paid_till_now",
    "furniture",
    7882,
    "below_100",
    "4_to_7_years",
    2,
    "guarantor",
    "savings_or_life_insurance",
    "none",
  ],
  [8, "0_to_200", 36, "existing_paid_till_now", "used_car", 6948, "below_100", "1_to_4_years", 2, "none", "car_or_other", "none"],
  [10, "0_to_200", 30, "critical_or_other_credits", "new_car", 5234, "below_100", "unemployed", 4, "none", "car_or_other", "none"],
  [16, "below_0", 24, "existing_paid_till_now", "radio_tv", 1282, "100_to_500", "1_to_4_years", 4, "none", "car_or_other", "none"],
  [19, "0_to_200", 24, "existing_paid_till_now", "used_car", 12579, "below_100", "7_years_or_more", 4, "none", "unknown_or_none", "none"],
  [44, "below_0", 30, "critical_or_other_credits", "used_car", 6187, "100_to_500", "4_to_7_years", 1, "none", "car_or_other", "none"],
  [64, "0_to_200", 48, "none_or_all_paid", "business", 14421, "below_100", "1_to_4_years", 2, "none", "car_or_other", "none"],
  [96, "0_to_200", 54, "none_or_all_paid", "business", 15945, "below_100", "below_1_year", 3, "none", "unknown_or_none", "none"],
];

/** `{row, variables}`: the applicant's number in the file, and what he told. */
export const samples = rows.map(([row, ...values]) => ({
  row,
  variables: Object.fromEntries(columns.map((column, i) => [column, values[i]])),
}));
