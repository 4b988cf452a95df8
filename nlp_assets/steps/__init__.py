"""What the notes zone computes, in the order the data flows. No Dagster here: assets/ call these functions.

notes      which notes are read, and what of them: the window, keywords, the prompt
labels     readings by an engine, kept and made into labels; engagement by requirement
profile    the notes of a quarter, to be compared with the quarter before
quality    how well notes are read: audit of keywords, reviewed requirements, hostile instructions
"""
