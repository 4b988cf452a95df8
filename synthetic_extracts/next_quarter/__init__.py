"""How the synthetic world goes on after its first quarter.

`world.py` holds everything true and recorded, also of days to come; `as_of.py` says what of it a file holds on a day.
`first_quarter.py` draws what is to come for the people of the first quarter; a quarter adds `intake.py` (people and
sentences of its three months; `coming_back.py` and `known_records.py`: those of them who are known), `known_people.py`
(what happens to the others) and `revisions.py` (corrections, deletions, merged identifiers). `ends.py` says when what
is open ends. `go_on.py` puts them in order.
"""
