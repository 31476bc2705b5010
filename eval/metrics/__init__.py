"""The metrics, a module a group; `names` lists them all.

Most give a value for each question, 0 to 1. A report's figure is their mean over the *eligible* questions, never over
the answered ones only: answerable questions for the metrics of retrieval, answer and citation (an abstention or an
error counts 0), unanswerable ones for `abstain_recall`, abstained ones for `abstain_precision`. The rest are computed
on all questions at once.
"""
