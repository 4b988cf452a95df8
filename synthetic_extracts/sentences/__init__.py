"""Sentences and requirements as they truly were, how they ended, and the nDelius tables of them."""
