"""Names under which values are kept are their keyed hashes, whichever way these are made."""

from resources.secrets.keyed_hash import keyed_digests, keyed_names


def test_names_of_many_values_are_their_keyed_digests_and_differ_by_what_stands_before_and_by_key():
    values, key = ["ANNE", "ÅSA", ""], bytes(range(32))
    names = keyed_names("forename ", values, key)
    assert names == [digest.hex() for digest in keyed_digests((f"forename {value}" for value in values), key)]
    assert not set(names) & set(keyed_names("surname ", values, key))
    assert not set(names) & set(keyed_names("forename ", values, bytes(32)))
