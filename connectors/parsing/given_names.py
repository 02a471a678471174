"""Given names that are common in English, German, Dutch, French and Spanish: they tell which end of a name is the given one."""

from __future__ import annotations

import unicodedata

FEMALE = """
adele agnes alba alexandra alice alicia alina amanda amelie amy ana andrea angela angelika anita anja anke anna anne anneke annette annie
annika antje antonia astrid aurelie ayse barbara beatrice beatriz begona bertha bettina birgit brenda bridget brigitte camille carina
carla carmen carole carolina caroline catherine cecile celine chantal charlotte chloe christa christiane christina christine claire clara
claudia concepcion consuelo corinna corinne cornelia cristina daniela deborah denise diana diane dolores dominique dora doris dorothea
edith elena eleonore elfriede elisabeth elise elizabeth elke ella ellen elsa elvira emily emma erika esther eva evelyn fatima femke fleur
florence franziska frauke frederique frieda gabriela gabriele gabrielle gerda gertrud gisela gloria grace greta gudrun hanna hannah
hannelore heidi heike helen helena helene helga henriette hilda hildegard ida ilse ines inga inge ingeborg ingrid irene iris irma isabel
isabella isabelle jacqueline jana jane janet janina jasmin jeanne jennifer jenny jessica johanna josefa josefina judith julia juliane
julie juliette jutta karen karin karla katarina katharina katherine kathleen kathrin katja katrin kelly kerstin kim kirsten klara kristina
larissa laura lea lena leonie lieke lieselotte lina linda lisa lotte louise lucia lucie luisa luise lydia madeleine magdalena maike manon
manuela margaret margarete margarita margot margret maria mariana marianne marie marieke marina marion marisol marlene marta martha
martina martine mary mathilde mechthild melanie melissa mercedes mia michaela michelle mireille miriam monica monika monique montserrat
nadine nadja nancy natalia natalie nathalie nicole nina nora nuria odile olga olivia pamela patricia paula pauline petra pia pilar rachel
raquel rebecca regina renate rita rocio rosa rosario rosemarie ruth sabine sabrina sandra sanne sara sarah sharon silke silvia simone
sofia sofie sonia sonja sophia sophie stefanie stephanie susan susana susanne svenja sylvia sylvie tamara tanja tatjana teresa theresa
therese tineke ulrike ursula ute valentina valerie vanessa vera verena veronica veronika veronique victoria viktoria virginia virginie
viviane waltraud wendy wilhelmina wilma yolanda yvonne zoe
"""
"""Hardly a surname."""

MALE = """
aaron adam adrian alain alan albert alberto alejandro alex alexander alfonso alfred alfredo alvaro andre andreas andres andrew angel
anthony antoine antonio armin arnaud arne arthur axel bastiaan ben benjamin benoit bernard bernd bernhard bert björn boris bram brian
bruno carlos carsten cedric charles christian christof christoph christophe christopher claude claus cornelis craig cristian cyril daan
daniel david denis dennis derek detlef diego dieter dietmar dirk dominik donald douglas eberhard eduard eduardo edward emil emilio
emmanuel enrique eric erich erik ernst esteban etienne eugen fabian fabrice felipe felix ferdinand fernando florian francis francisco
franck francois frank franz frederic frederik friedrich fritz gabriel gary georg george georges gerald gerard gerd gerhard gerrit gert
gilles gonzalo gregor gregory guido guillaume guillermo gustav günter günther hans hans-peter harald harry hartmut heiko heinrich heinz
helmut hendrik henk henri henry herbert hermann holger horst hubert hugo ian ignacio ingo ivan jaap jacek jack jacob jacques jaime jakob
james jan javier jean jean-claude jean-luc jean-marc jean-paul jean-pierre jeffrey jens jeroen jerome jesus joachim joaquin jochen joel
johan johann johannes john jonas jonathan jorge jose josef joseph joshua juan jules julian julien julio jörg jürgen kai karel karl karl-
heinz karsten kees keith kevin klaas klaus konrad konstantin kurt lars laurent leo leon leonard lorenzo lothar louis luc lucas ludwig luis
lukas lutz maarten manfred manuel marc marcel marcus mario mark marko markus martijn mathias mathieu matthew matthias matthieu max
maximilian menno michael michel miguel mike mohamed moritz nicholas nicolas niels niklas nikolaus nils norbert olaf oliver olivier oscar
otto pablo pascal patrick paul pedro peter philip philipp philippe pierre piet pieter rafael raimund rainer ralf ralph ramon raul raymond
reiner reinhard reinhold remi rené ricardo richard rob robert roberto rodrigo roger roland rolf ronald ruben rudolf ruud ryan rüdiger
salvador samuel sascha scott sean sebastian sebastien sergio siegfried sjoerd stefan stephan stephane stephen steven sven theo theodor
thierry thijs thomas thorsten till tim timothy tobias tom torsten udo ulf ulrich uwe vicente victor vincent volker walter werner wilfried
wilhelm willem william wim winfried wolfgang wolfram wouter xavier yannick yves
"""
"""Some of them surnames as well."""


def folded(text: str) -> str:
    """Small, without accents.

    Examples
    --------
    >>> folded("René"), folded("Jürgen")
    ('rene', 'jurgen')
    """
    return "".join(sign for sign in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(sign))


SURELY = frozenset(map(folded, FEMALE.split()))
"""Folded given names that are hardly a surname."""
GIVEN = SURELY | frozenset(map(folded, MALE.split()))
"""Folded given names."""
