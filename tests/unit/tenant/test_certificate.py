"""The app's certificate, checked before anybody is asked."""

from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from spmigrate.errors import AuthError, ConfigError
from spmigrate.tenant.certificate import read
from tests.certificates import TODAY, certify, make_key, make_pem, write_key

KEY = make_key()


def test_pair_in_one_file_is_read() -> None:
    pair = read(certify(KEY, days=10) + write_key(KEY))
    assert pair.ends == TODAY + timedelta(days=10)
    assert len(pair.thumbprint) == 40
    pair.check(TODAY)


def test_order_in_the_file_does_not_matter() -> None:
    certificate, key = certify(KEY), write_key(KEY)
    assert read(key + certificate) == read(certificate + key)


def test_key_with_a_password_is_opened() -> None:
    pem = certify(KEY) + write_key(KEY, password="word")
    assert read(pem, "word").private_key_pem == write_key(KEY)


def test_secrets_do_not_show() -> None:
    assert "PRIVATE" not in repr(read(certify(KEY) + write_key(KEY)))


@pytest.mark.parametrize(
    ("pem", "password", "said"),
    [
        ("", None, "no certificate"),
        (write_key(KEY), None, "no certificate"),
        (certify(KEY), None, "missing"),
        (certify(KEY) + write_key(KEY, password="word"), None, "needs its password"),
        (certify(KEY) + write_key(KEY, password="word"), "other", "cannot be opened"),
        (certify(KEY) + write_key(KEY), "word", "has no password"),
    ],
    ids=["empty", "key only", "certificate only", "no password", "wrong password", "needless password"],
)
def test_unusable_file_is_explained(pem: str, password: str | None, said: str) -> None:
    with pytest.raises(ConfigError, match=said) as raised:
        read(pem, password)
    assert raised.value.hint


def test_key_of_another_certificate_is_refused() -> None:
    with pytest.raises(ConfigError, match="another certificate"):
        read(certify(KEY) + write_key(make_key()))


def test_key_of_another_kind_is_refused() -> None:
    curve = ec.generate_private_key(ec.SECP256R1())
    with pytest.raises(ConfigError, match="RSA"):
        read(certify(curve) + write_key(curve))


def test_expired_certificate_names_the_day() -> None:
    with pytest.raises(AuthError, match="expired on 2 June 2026") as raised:
        read(make_pem(days=1)).check(TODAY + timedelta(days=2))
    assert "register" in str(raised.value.hint)


def test_certificate_of_the_future_points_to_the_clock() -> None:
    with pytest.raises(AuthError, match="only from 1 June 2026") as raised:
        read(make_pem()).check(TODAY - timedelta(days=1))
    assert "clock" in str(raised.value.hint)
