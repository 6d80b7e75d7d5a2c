"""The one rule for names of secrets: of variables, fields, headers, parameters, elements and cookies.

A name is read as its words, whatever their style: `dbPassword`, `db_password`, `DB-PASSWORD` and `db.password` are the
same, and digits do not count. It names a secret if one of its words (or the last few, joined) says so, unless later words
say that the value is something *about* the secret (`token_type`, `password_reset_url`, `secret_name`) or earlier words
rule it out (`next_page_token`, `is_password`, `max_tokens`). Words that mean other things as well (`pass`, `pin`, `auth`,
`signature`) count only at the end of a name. The owner of the secret may follow: `token_admin`.
"""

from __future__ import annotations

from functools import lru_cache

from runner.secrets.lazy import Lazy

LONGEST = 100
"""The most characters of a name; longer texts are not names."""


def words(text: str) -> frozenset[str]:
    """The words of a text as a set."""
    return frozenset(text.split())


_KEYS = (
    "access account admin aes api app application auth authentication authorization cipher decryption deploy"
    " developer encryption function functions hmac host integration jws jwt licence license master merchant"
    " partner pem private root rsa secret security server service session shared signature signing ssh"
    " subscription webhook algolia anthropic azure cloudflare datadog firebase gemini github gitlab heroku"
    " mailchimp mailgun mapbox maps newrelic openai pagerduty rapidapi segment sendgrid slack square stripe"
    " supabase twilio zendesk"
)
"""Words before `key` that make it a secret; others (primary, public, sort, cache, idempotency, issue) are plain names."""

_TOKENS = (
    "access api auth authentication authorization bearer client csrf device id jwt login oauth personal push"
    " refresh secret security service session user"
)
"""Words before `tokens` that make them secrets; other tokens are counted (`max_tokens`, `prompt_tokens`)."""

_WRITTEN_TOGETHER = (
    "token secret password passwd passphrase passcode pwd credential credentials creds passwort kennwort"
    " contrasena contraseña motdepasse wachtwoord connectionstring connectionstrings connectionstr connstring"
    " connstr sessionid sessid secretid accesskeyid codeverifier clientassertion samlassertion samlresponse"
    " authcode authorizationcode mfacode otpcode recoverycode recoverycodes backupcode backupcodes seedphrase"
    " recoveryphrase dpop mnemonic secrets passwords passwds"
)
_ENDINGS = (
    *_WRITTEN_TOGETHER.split(),
    *(f"{kind}key{plural}" for kind in _KEYS.split() for plural in ("", "s")),
    *(f"{kind}tokens" for kind in _TOKENS.split()),
)
"""Ends of names whose words are joined, such as `accesstoken`."""

_ANYWHERE = words("jwt jwts bearer cred senha")
"""Whole words that mean a secret, unless a word of `_ABOUT` follows."""

_AT_THE_END = words(
    "pass pw pin otp totp hotp pat tok auth authorization cookie cookies signature sig psk csrf xsrf hmac dpop jws jwe"
)
"""Whole words that mean a secret only at the end of a name."""

_OF_THE_VALUE = words("value val text string str raw plain encoded decoded base b header param parameter new old current v")
"""Words that may follow those."""

_NOT_TOKENS = words(
    "page paged paging pagination next prev previous continuation continue cursor sync resume scroll skip start"
    " starting idempotency postman design color theme max min total prompt completion input output cached num"
    " reasoning thinking used"
)
"""Tokens that are positions in a list, identify a request, or are counted."""

_WHOLE = "(?![a-z])"
STEMS = {
    **dict.fromkeys(("assertion", "backup", "bearer", "conn", "contras", "cookie", "dpop", "hmac", "kennwort"), ""),
    **dict.fromkeys(("mfa", "mnemonic", "phrase", "psk", "pwd", "recover", "saml", "secret", "senha", "sess"), ""),
    **dict.fromkeys(("srf", "verifier", "wachtwoord"), ""),
    **dict.fromkeys(("pat", "pin", "pw"), _WHOLE),
    "auth": "(?!(?i:or(?!iz)))",
    "cred": "(?!(?i:it))",
    "jw": "(?i:[tsek])",
    "otp": f"(?:(?i:code)|{_WHOLE})",
    "key": r"(?<=[\w.:$\-\[\] ]...)",
    "pass": "(?!(?i:en|ed|in|iv|port))",
    "sig": f"(?:(?i:nature|ning)|{_WHOLE})",
    "tok": f"(?:(?i:en)|{_WHOLE})",
}
"""Every name of a secret contains one of these, followed by this; most similar words do not."""

_FLAGS = words(
    "is has should can require requires required need needs use uses with without no show hide enable enabled"
    " disable disabled supports include includes remember save"
)
"""First words of boolean names."""

_ABOUT = words(
    "type types kind url urls uri uris href endpoint endpoints path paths dir folder file filename name names id"
    " ids uuid count counter counts length len size min max minimum maximum limit limits quota usage used"
    " remaining expires expire expired expiry expiration exp ttl in at on by to from since until date time"
    " timestamp moment ms sec secs second seconds minutes hours days age lifetime duration timeout period valid"
    " validity validation invalid verified status state active required optional enabled disabled allowed"
    " supported present exists policy policies rule rules strength score complexity format encoding algorithm alg"
    " algo method methods mode scheme strategy provider issuer iss audience aud scope scopes subject source"
    " location prefix suffix pattern regex regexp label title hint description placeholder prompt message error"
    " errors reason help version schema spec config configuration options settings info metadata meta manager"
    " store storage handler helper factory cache fingerprint thumbprint kid arn ref reference address symbol"
    " decimals supply price balance amount contract standard generation generated created updated changed modified"
    " issued revoked rotation rotated reset params question attempts attempt tries retries retry failures domain"
    " field input form screen button visible visibility grant flow username email"
)
"""Words after a secret's name that make it something about the secret."""

_WORD = Lazy(r"[A-Z]{2,}s(?![^\W\d_A-Z])|[A-Z]+(?![^\W\d_A-Z])|[A-Z]?[^\W\d_A-Z]+")


def words_of(name: str) -> list[str]:
    """The words of a name in lower case: `X-APIKeys2` → x, api, keys; digits are left out."""
    return [word.lower() for word in _WORD.findall(name)]


@lru_cache(maxsize=8192)
def names_a_secret(name: str) -> bool:
    """Whether the value of this name is a secret."""
    if len(name) > LONGEST:
        return False
    parts = words_of(name)
    if not parts or parts[0] in _FLAGS or "allow" in parts:
        return False
    for end in range(len(parts), 0, -1):
        if parts[end - 1] in _ANYWHERE or _ends_as_a_secret(parts[:end]):
            return not _ABOUT.intersection(parts[end:])
    while len(parts) > 1 and parts[-1] in _OF_THE_VALUE:
        parts.pop()
    return parts[-1] in _AT_THE_END


def _ends_as_a_secret(parts: list[str]) -> bool:
    text = "".join(parts)
    if not text.endswith(_ENDINGS):
        return False
    if text.endswith("token"):  # the word before, even if both are joined
        before = parts[-1].removesuffix("token") or (parts[-2] if len(parts) > 1 else "")
        return before not in _NOT_TOKENS and not (len(parts) == 1 and before.endswith(tuple(_NOT_TOKENS)))
    return True
