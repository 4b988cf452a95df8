"""True people, what systems record of a person, and the nDelius tables of people."""
