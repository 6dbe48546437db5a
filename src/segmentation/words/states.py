"""The states, causes and contestants that frames hold as short codes, and what a reader sees instead."""

STATES: dict[str, str] = {
    # states and moves of a customer
    "new": "New",
    "returned": "Returned",
    "dormant": "Dormant",
    "up": "Up",
    "down": "Down",
    "stayed": "Unchanged",
    # why a tier changed
    "customer": "The customer",
    "boundary": "The boundary",
    "joint": "Both together",
    "time": "Time passed",
    "season": "The season",
    "net": "Net",
    "unknown": "Not known",
    # contestants of the trial that are no methods
    "spend": "Spend alone",
    "hiatus": "Hiatus, then spend",
    "random": "Random",
    "oracle": "Oracle",
    # how often a rule is learned
    "monthly": "Every month",
    "quarterly": "Every quarter",
    "yearly": "Every year",
    # choices of sensitivity
    "cut -10 %": "cut −10%",
    "cut +10 %": "cut +10%",
    "k -1": "one fewer (k − 1)",
    "k +1": "one more (k + 1)",
    "log": "with logarithm",
    "no log": "without logarithm",
    # what a check of the data says
    "in": "came in",
    "ok": "passed",
    "warn": "warning",
    "stop": "stops the run",
    # what a gate looks at
    "rows_set_aside": "Lines set aside",
    "money_set_aside": "Money set aside",
    "without_customer": "Lines without a customer",
    "fewer_rows": "Fewer lines",
    "fewer_customers": "Fewer customers",
    "new_columns": "New columns",
    "incomplete_month": "Incomplete month",
    # what became of a tier set by hand
    "agrees": "agrees with the rule",
    "not here": "no such customer this month",
    # why a customer is on a list
    "rising": "buys more than before",
    "close": "close to the next tier",
    "may_rise": "likely to reach the next tier",
    "silent": "silent for twice the usual time",
    "falling": "buys much less than before",
    "below": "at the present pace below the tier",
    # claims of one window ago
    "best_tier": "In the best tier",
    "called_sure": "Sure of the tier",
    "called_stars": "Tomorrow's stars",
    "called_slipping": "May slip",
    # models of P(tier)
    "drop_out": "drop-out (BG/NBD)",
    "drift": "drop-out and drift",
    "learned": "drop-out and drift, corrected by what came one window ago",
    # what happened to a customer on the action list
    "lost_key": "lost",
    "slips": "slipping",
    "newly_big": "key for the first time",
    "rises": "on the way up",
    # attributes of customers
    "industry": "Industry",
    "size": "Size",
    "region": "Region",
    "sex": "Sex",
    "age": "Age",
    "birth_year": "Year of birth",
    "job": "Job",
    "education": "Education",
    "ungraded": "no grade",
    # truth values
    "True": "yes",
    "False": "no",
}
