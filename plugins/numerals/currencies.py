"""How Chinese and English name the currencies that donors and reports use."""

from collections.abc import Iterable, Mapping

# Before the amount, in either language; the longer ones first, since “$” ends “HK$”.
SIGNS = {
    "CN¥": "CNY", "RMB": "CNY", "CNY": "CNY", "¥": "CNY", "￥": "CNY",
    "HK$": "HKD", "HKD": "HKD", "US$": "USD", "USD": "USD", "A$": "AUD", "AUD": "AUD",
    "C$": "CAD", "CA$": "CAD", "CAD": "CAD", "S$": "SGD", "SGD": "SGD", "$": "USD",
    "GBP": "GBP", "£": "GBP", "EUR": "EUR", "€": "EUR", "JPY": "JPY", "CHF": "CHF",
}  # fmt: skip
# After the amount. A bare 元 is that of mainland China.
CHINESE = {
    "元人民币": "CNY", "人民币": "CNY", "块钱": "CNY", "块": "CNY", "元": "CNY",
    "美元": "USD", "美金": "USD", "港元": "HKD", "港币": "HKD", "港幣": "HKD", "欧元": "EUR",
    "歐元": "EUR", "英镑": "GBP", "英鎊": "GBP", "日元": "JPY", "澳元": "AUD", "加元": "CAD",
    "新加坡元": "SGD", "瑞士法郎": "CHF",
}  # fmt: skip
ENGLISH = {
    "Hong Kong dollars": "HKD", "HK dollars": "HKD", "Australian dollars": "AUD",
    "Canadian dollars": "CAD", "Singapore dollars": "SGD", "US dollars": "USD", "dollars": "USD",
    "dollar": "USD", "pounds sterling": "GBP", "pounds": "GBP", "pound": "GBP", "euros": "EUR",
    "euro": "EUR", "yuan": "CNY", "renminbi": "CNY", "Japanese yen": "JPY", "yen": "JPY",
    "Swiss francs": "CHF", "RMB": "CNY", "CNY": "CNY", "USD": "USD", "GBP": "GBP", "EUR": "EUR",
    "HKD": "HKD", "JPY": "JPY", "CHF": "CHF", "AUD": "AUD", "CAD": "CAD", "SGD": "SGD",
}  # fmt: skip


def one_of(names: Mapping[str, str] | Iterable[str]) -> str:
    """A pattern for any of the names, the longest that fits."""
    ordered = sorted(names, key=len, reverse=True)
    return "|".join(name.replace("$", r"\$").replace(" ", r"\s") for name in ordered)


def code(name: str, names: Mapping[str, str]) -> str:
    """The currency's code, for a name as it stands in the text."""
    wanted = " ".join(name.split()).lower()
    return next(code for one, code in names.items() if one.lower() == wanted)
