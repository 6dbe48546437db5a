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
    # whom several methods put on top
    "all": "In the best tier for all methods",
    "some": "For several methods",
    "none": "For none",
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
    # how sure a tier is
    "sure": "Sure",
    "likely": "Likely",
    "coin_toss": "Coin toss",
    # what a check of the data says
    "in": "came in",
    "ok": "passed",
    "warn": "warning",
    "stop": "stops the run",
    # what became of a tier set by hand
    "agrees": "agrees with the rule",
    "not here": "no such customer this month",
    # truth values
    "True": "yes",
    "False": "no",
}
