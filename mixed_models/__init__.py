"""Logistic regression with a random intercept: the likelihood, its maximum, and what data cannot estimate.

Belongs here: arithmetic on arrays that any zone may fit a model with. Does not belong here: any model, table or word of
one; the check by another engine (modelling_assets/steps/models). Why it is ours: docs/adr/0004.
"""
