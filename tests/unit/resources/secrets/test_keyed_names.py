"""Names under which a model keeps values: nobody can make them, or read them back, without the key."""

import polars as pl
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from resources.secrets.keyed_hash import keyed_digests, keyed_names, subkey

KEY = bytes(range(32))
VALUES = pl.Series(
    ["ANNE", "ÅSA", "", "A", "A\0", "FIFTEEN LETTERS", "SIXTEEN LETTERS-", "FAR MORE THAN A BLOCK", "1980-01-31"]
)


def test_names_differ_by_value_purpose_and_key_and_each_text_has_its_own_wherever_it_stands():
    names = keyed_names("forename", VALUES, KEY)
    assert names.n_unique() == VALUES.len() and set(names.str.len_bytes()) == {32}
    for other in (keyed_names("surname", VALUES, KEY), keyed_names("forename", VALUES, bytes(32))):
        assert not set(names) & set(other)
    assert keyed_names("forename", VALUES.reverse(), KEY).equals(names.reverse())
    assert keyed_names("forename", VALUES.clear(), KEY).equals(names.clear())


def test_a_name_is_the_cipher_of_its_block_mixed_with_the_block_so_that_the_key_alone_does_not_give_the_value_back():
    (name,) = keyed_names("forename", pl.Series(["ANNE"]), KEY)
    block = b"ANNE\x01" + bytes(11)
    aes = Cipher(algorithms.AES(subkey(KEY, "forename")), modes.ECB())
    assert bytes.fromhex(name) == bytes(a ^ b for a, b in zip(aes.encryptor().update(block), block, strict=True))
    assert b"ANNE" not in aes.decryptor().update(bytes.fromhex(name))


def test_what_does_not_fit_into_a_block_of_bytes_is_named_by_its_keyed_digest():
    longer = pl.Series(["SIXTEEN LETTERS-", "ÅSA"])
    digests = keyed_digests(longer, subkey(subkey(KEY, "forename"), "longer"))
    assert keyed_names("forename", longer, KEY).to_list() == [digest.hex() for digest in digests]
