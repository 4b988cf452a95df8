"""Review of contact notes by people, on this machine only: reviewed cases that labels are measured on (report 1.3.2).

Belongs here: what differs from the review of pairs: sample, what is shown and asked, what the answers become. Does not
belong here: page server, decisions and signatures (pathways/review/shared), and how labels compare
(nlp_assets/steps/quality/evaluate_labels.py).
"""
