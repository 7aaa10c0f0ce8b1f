"""How a job becomes a visit: fetch it, judge the answer, have its text analysed."""
