"""Countries by ISO 3166 alpha-2 code, by English and German name, and by the short forms that files use."""

from __future__ import annotations

from functools import cache

CODES = """
AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ CA CC CD CF CG CH CI CK
CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS
GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV
LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM
PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR
TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW
"""

NAMES = """
AE United Arab Emirates,Vereinigte Arabische Emirate,UAE|AR Argentina,Argentinien|AT Austria,Österreich,Oesterreich,A,AUT|
AU Australia,Australien,AUS|BE Belgium,Belgien,BEL|BG Bulgaria,Bulgarien|BH Bahrain|BR Brazil,Brasilien|CA Canada,Kanada,CAN|
CH Switzerland,Schweiz,Suisse,CHE|CL Chile|CN China|CO Colombia,Kolumbien|CY Cyprus,Zypern|CZ Czech Republic,Czechia,Tschechien|
DE Germany,Deutschland,D,GER,DEU,Allemagne,Duitsland|DK Denmark,Dänemark,DNK|EE Estonia,Estland|EG Egypt,Ägypten|
ES Spain,Spanien,España,ESP|FI Finland,Finnland|FR France,Frankreich,F,FRA|
GB United Kingdom,Great Britain,UK,GBR,Vereinigtes Königreich,Großbritannien,England,Scotland,Wales,Northern Ireland|
GR Greece,Griechenland|HK Hong Kong,Hongkong|HR Croatia,Kroatien|HU Hungary,Ungarn|ID Indonesia,Indonesien|
IE Ireland,Irland,Republic of Ireland,Eire|IL Israel|IN India,Indien|IS Iceland,Island|IT Italy,Italien,Italia,ITA|JP Japan|
KR South Korea,Republic of Korea,Südkorea|LB Lebanon,Libanon|LI Liechtenstein|LT Lithuania,Litauen|LU Luxembourg,Luxemburg|
LV Latvia,Lettland|MA Morocco,Marokko|MC Monaco|MT Malta|MX Mexico,Mexiko|MY Malaysia|NA Namibia|NG Nigeria|
NL Netherlands,The Netherlands,Niederlande,Holland,NLD,Nederland|NO Norway,Norwegen,NOR|NZ New Zealand,Neuseeland|PE Peru|
PH Philippines,Philippinen|PK Pakistan|PL Poland,Polen,POL|PT Portugal|RO Romania,Rumänien|RS Serbia,Serbien|
RU Russia,Russland,Russian Federation|SA Saudi Arabia,Saudi-Arabien|SE Sweden,Schweden,SWE|SG Singapore,Singapur|
SI Slovenia,Slowenien|SK Slovakia,Slowakei|TH Thailand|TN Tunisia,Tunesien|TR Turkey,Türkei,Türkiye|TW Taiwan|UA Ukraine|
US United States,United States of America,USA,Vereinigte Staaten|VN Vietnam|ZA South Africa,Südafrika,RSA"""

POSTCODE_DIGITS = {
    "AT": 4, "AU": 4, "BE": 4, "CH": 4, "DE": 5, "DK": 4, "EE": 5, "ES": 5, "FI": 5, "FR": 5, "HR": 5, "IT": 5, "NO": 4, "US": 5,
}  # fmt: skip
"""Countries whose postcodes are this many digits, zeros in front included."""


@cache
def names() -> dict[str, str]:
    """Every known word for a country and its code.

    Examples
    --------
    >>> names()["Deutschland"], names()["UK"], len(names()) > 350
    ('DE', 'GB', True)
    """
    found = {code: code for code in CODES.split()}
    for entry in NAMES.replace("\n", "").split("|"):
        code, _, words = entry.partition(" ")
        found |= {word.strip(): code for word in words.split(",")}
    return found
