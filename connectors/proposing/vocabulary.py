"""Words of values in English, German, Dutch, French and Spanish, and the contract's codes that they mean."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from connectors.parsing.countries import names as countries
from connectors.parsing.date_style import MONTHS
from connectors.parsing.words import FLAGS
from connectors.proposing.headers import ascii_of


def _all(words: str) -> frozenset[str]:
    return frozenset(words.split())


def _split(words: str) -> list[str]:
    return words.split(",")


GENDER = {
    "female": "f,female,w,weiblich,frau,woman,women,v,vrouw,vrouwelijk,femme,féminin,femenino,femenina,mujer,fem,girl,feminine",
    "male": "m,male,varón,männlich,maennlich,mann,herr,man,men,mannelijk,homme,masculin,masculino,hombre,h,mal,masc,boy,masculine",
    "other": "other,sonstige,d,divers,diverse,x,nonbinary,non-binary,non binary,anders,autre,otro,otra,andere,inter",
    "unknown": "u,unknown,unspecified,unbekannt,onbekend,inconnu,desconocido,not specified,keine angabe,prefer not to say,undisclosed",
}
SALUTATION = {
    "female": "frau,mrs,ms,miss,mme,mlle,madame,mademoiselle,mevrouw,mevr,mw,sra,srta,señora,señorita,madam",
    "male": "herr,mr,mister,monsieur,m,mm,dhr,de heer,heer,sr,señor,hr,herrn",
    "other": "divers,mx",
    "": "dr,prof,rev,hon,sir,lady,familie,famille,firma,herr dr,frau dr,prof dr,honorable",
}
MARITAL = {
    "single": "single,unmarried,never married,never-married,ledig,célibataire,soltero,soltera,ongehuwd,alone,alleinstehend,alleenstaand,s",
    "married": "married,verheiratet,gehuwd,getrouwd,marié,mariée,casado,casada,verh,m",
    "partnership": "partnership,together,cohabiting,partner,civil partnership,domestic partner,samenwonend,"
    "eingetragene lebenspartnerschaft,"
    "lebenspartnerschaft,concubinage,pacs,pacsé,pacsée,union libre,pareja de hecho,pareja,geregistreerd partnerschap,lebensgemeinschaft",
    "separated": "separated,getrennt,getrennt lebend,gescheiden van tafel en bed,séparé,séparée,separado,separada",
    "divorced": "divorced,geschieden,gescheiden,divorcé,divorcée,divorciado,divorciada,gesch,d",
    "widowed": "widowed,widow,widower,verwitwet,weduwe,weduwnaar,veuf,veuve,viudo,viuda,verw,w",
    "unknown": "unknown,unbekannt,onbekend,inconnu,desconocido",
}
EDUCATION = {
    "none": "no education,keine,geen,aucun,ninguno,ninguna,illiterate,ohne abschluss",
    "primary": "primary,basic,elementary,primary school,grundschule,basisschool,basisonderwijs,primaire,école primaire,primaria,"
    "basic.4y,basic.6y,basic.9y",
    "secondary": "secondary,high school,highschool,high.school,hauptschule,realschule,gymnasium,abitur,matura,mittlere reife,vmbo,"
    "havo,vwo,mbo,"
    "middelbaar,secondaire,lycée,baccalauréat,bac,secundaria,bachillerato,vocational,professional.course,berufsausbildung,lehre,"
    "ausbildung,"
    "a-level,ged,secondary school,high school graduate",
    "tertiary": "tertiary,university,graduation,graduate,bachelor,bachelors,bachelor's,bachelor's degree,master,masters,master's,"
    "master's degree,phd,"
    "doctorate,doktor,promotion,hochschule,universität,studium,diplom,hbo,wo,universiteit,université,licence,doctorat,universidad,"
    "universitario,"
    "licenciatura,doctorado,maestría,university.degree,university degree,postgraduate,degree,bsc,msc,ba,ma,mba,undergraduate,"
    "fachhochschule,"
    "supérieur,superior,college,college degree",
    "unknown": "unknown,unbekannt,onbekend,inconnu,desconocido",
}
TERM = {
    "month": "month-to-month,month to month,monthly,month,1 month,one month,monatlich,monatlich kündbar,maandelijks,mensuel,mensual,"
    "1m,1 monat,1 mois,"
    "1 mes,1 maand,rolling",
    "one_year": "one year,1 year,one-year,12 months,yearly,annual,ein jahr,1 jahr,12 monate,een jaar,één jaar,1 jaar,12 maanden,un an,"
    "1 an,12 mois,un año,"
    "1 año,12 meses,1y,jährlich,12m",
    "two_year": "two year,two years,two-year,2 year,2 years,24 months,zwei jahre,2 jahre,24 monate,twee jaar,2 jaar,24 maanden,"
    "deux ans,2 ans,24 mois,"
    "dos años,2 años,24 meses,2y,24m",
}
COUNTRIES = {
    "DE": "alemania,allemagne,duitsland,rfa,brd",
    "FR": "francia,frankrijk",
    "ES": "espagne,spanje",
    "NL": "pays-bas,países bajos,holanda,hollande",
    "BE": "belgique,bélgica,belgië",
    "AT": "autriche,austria,oostenrijk",
    "CH": "suiza,zwitserland,svizzera",
    "IT": "italie,italië",
    "PT": "portogallo",
    "PL": "pologne,polonia,polen,polska",
    "GB": "royaume-uni,reino unido,verenigd koninkrijk,angleterre,inglaterra,engeland,grande-bretagne,gran bretaña,groot-brittannië,"
    "britain,u.k.",
    "US": "états-unis,estados unidos,verenigde staten,etats unis,u.s.,u.s.a.,ee.uu.,eeuu,amerika",
    "DK": "danemark,dinamarca,denemarken,danmark",
    "SE": "suède,suecia,zweden,sverige",
    "NO": "norvège,noruega,noorwegen,norge",
    "FI": "finlande,finlandia,suomi",
    "IE": "irlande,irlanda,ierland,eire",
    "LU": "luxemburgo",
    "CZ": "république tchèque,república checa,tsjechië,tchéquie,chequia,česko",
    "MX": "méxico,mexique",
    "GR": "grèce,grecia,griekenland",
    "HU": "hongrie,hungría,hongarije,magyarország",
    "RO": "roumanie,rumanía,rumania,roemenië",
    "BG": "bulgarie,bulgaria,bulgarije",
    "HR": "croatie,croacia,kroatië,hrvatska",
    "SK": "slovaquie,eslovaquia,slowakije",
    "SI": "slovénie,eslovenia,slovenië",
    "TR": "turquie,turquía",
    "RU": "russie,rusia,rusland",
    "UA": "ucrania,oekraïne",
    "BR": "brésil,brasil,brazilië",
    "AR": "argentine,argentinië",
    "CL": "chili",
    "CO": "colombie",
    "PE": "pérou,perú",
    "MA": "maroc,marruecos,marokko",
    "DZ": "algérie,argelia,algerije,algeria,algerien",
    "TN": "tunisie,túnez,tunesië",
    "CA": "kanada",
    "AU": "australie,australië",
    "NZ": "nouvelle-zélande,nueva zelanda,nieuw-zeeland",
    "JP": "japon,japón",
    "CN": "chine,volksrepublik china",
    "IN": "inde,indië",
    "ZA": "afrique du sud,sudáfrica,zuid-afrika",
}
CURRENCY = {
    "EUR": "euro,euros,eur.,euro (€)",
    "USD": "us dollar,us dollars,us-dollar,u.s. dollar,us$,usd $,dólar estadounidense,dollar américain,amerikaanse dollar",
    "GBP": "pound sterling,british pound,pounds sterling,sterling,pfund sterling,livre sterling,libra esterlina,pond sterling,gbp £",
    "CHF": "swiss franc,swiss francs,schweizer franken,franken,sfr,sfr.,franc suisse,francs suisses,franco suizo,zwitserse frank",
    "SEK": "swedish krona,schwedische krone",
    "DKK": "danish krone,dänische krone",
    "NOK": "norwegian krone,norwegische krone",
    "PLN": "zloty,złoty",
    "JPY": "yen",
}
YES = {
    "": "on,enabled,checked,x,✓,✔,aan,activé,activo,si claro,ja gerne,true.",
    "marketing_consent": "opt-in,opt in,optin,opted in,opted-in,subscribed,granted,given,accepted,agreed,consented,allowed,angemeldet,"
    "abonniert,erteilt,zugestimmt,eingewilligt,erlaubt,aangemeld,ingeschreven,toegestaan,inscrit,abonné,accepté,accordé,suscrito,aceptado,alta,"
    "active,aktiv,actief,actif,activa",
    "churned": "churned,left,cancelled,canceled,terminated,exited,lost,gekündigt,abgewandert,opgezegd,vertrokken,beëindigd,résilié,parti,"
    "cancelado,baja,perdido",
    "responded": "responded,converted,accepted,bought,purchased,reagiert,gekauft,angenommen,gereageerd,répondu,accepté,respondió,comprado",
}
NO = {
    "": "off,disabled,unchecked,uit,désactivé,inactivo",
    "marketing_consent": "opt-out,opt out,optout,opted out,opted-out,unsubscribed,denied,declined,refused,revoked,withdrawn,not subscribed,"
    "abgemeldet,abbestellt,widerrufen,abgelehnt,nicht erteilt,afgemeld,uitgeschreven,geweigerd,désinscrit,désabonné,refusé,dado de baja,"
    "rechazado,inactive,inaktiv,inactief,inactif",
    "churned": "active,stayed,retained,current,existing,aktiv,bestehend,actief,klant,actif,activo,alta",
    "responded": "not responded,no response,ignored,rejected,refused,abgelehnt,keine reaktion,keine antwort,geen reactie,refusé,"
    "sin respuesta,rechazado",
}
"""Words for yes and no of any flag (""), and of one field, beside those that the parser knows."""
CHANNELS = (
    "phone,telephone,cellular,mobile,landline,email,e-mail,mail,post,letter,sms,text message,whatsapp,web,website,online,internet,app,"
    "store,shop,branch,"
    "in store,in person,catalogue,catalog,multichannel,social,social media,facebook,fb,instagram,ig,chat,push,fax,call center,callcenter,"
    "telefon,brief,filiale,laden,online-shop,katalog,außendienst,telefoon,winkel,brief,catalogus,téléphone,courriel,courrier,magasin,"
    "boutique,"
    "en ligne,agence,teléfono,correo,correo electrónico,tienda,en línea,catálogo,sucursal,movil,portable,door to door,pos,direct,"
    "referral,google"
)
CURRENCIES = (
    "EUR USD GBP JPY CHF AUD CAD NZD SEK NOK DKK PLN CZK HUF RON BGN TRY RUB UAH INR CNY HKD SGD KRW TWD THB MYR IDR PHP VND BRL MXN "
    "ARS CLP COP PEN "
    "ZAR NGN KES EGP MAD ILS AED SAR QAR KWD ISK HRK RSD PKR BDT LKR € $ £ ¥"
)
STATES = _all(
    "active inactive enabled disabled invited pending declined open closed new draft sent live archived paid unpaid approved "
    "cancelled canceled "
    "completed shipped fulfilled unfulfilled subscribed unsubscribed confirmed qualified contacted lost won aktiv inaktiv nouveau "
    "kontaktiert "
    "neu offen"
)
"""Words for the state that a record is in: where ``state`` heads these, no state of a country is meant."""

REGIONS = frozenset(ascii_of(name) for name in _split(
    "alabama,alaska,arizona,arkansas,california,colorado,connecticut,delaware,florida,georgia,hawaii,idaho,illinois,indiana,iowa,"
    "kansas,kentucky,louisiana,maine,maryland,massachusetts,michigan,minnesota,mississippi,missouri,montana,nebraska,nevada,"
    "new hampshire,new jersey,new mexico,new york,north carolina,north dakota,ohio,oklahoma,oregon,pennsylvania,rhode island,"
    "south carolina,south dakota,tennessee,texas,utah,vermont,virginia,washington,west virginia,wisconsin,wyoming,"
    "district of columbia,al,ak,az,ar,ca,co,ct,de,fl,ga,hi,id,il,in,ia,ks,ky,la,me,md,ma,mi,mn,ms,mo,mt,ne,nv,nh,nj,nm,ny,nc,nd,oh,ok,"
    "or,pa,ri,sc,sd,tn,tx,ut,vt,va,wa,wv,wi,wy,dc,ontario,quebec,british columbia,alberta,manitoba,saskatchewan,nova scotia,"
    "new brunswick,newfoundland and labrador,prince edward island,on,qc,bc,ab,mb,sk,ns,nb,nl,pe,new south wales,victoria,queensland,"
    "western australia,south australia,tasmania,northern territory,australian capital territory,nsw,vic,qld,tas,act,nt,"
    "baden-württemberg,bayern,berlin,brandenburg,bremen,hamburg,hessen,mecklenburg-vorpommern,niedersachsen,nordrhein-westfalen,"
    "rheinland-pfalz,saarland,sachsen,sachsen-anhalt,schleswig-holstein,thüringen,bw,by,be,bb,hb,hh,he,mv,ni,nw,nrw,rp,sl,sn,st,sh,th,"
    "wien,tirol,salzburg,steiermark,kärnten,oberösterreich,niederösterreich,burgenland,vorarlberg,zürich,bern,genève,vaud,ticino,"
    "drenthe,flevoland,friesland,gelderland,groningen,limburg,noord-brabant,noord-holland,overijssel,utrecht,zeeland,zuid-holland,"
    "île-de-france,bretagne,normandie,occitanie,nouvelle-aquitaine,grand est,hauts-de-france,auvergne-rhône-alpes,"
    "provence-alpes-côte d'azur,corse,andalucía,aragón,asturias,cantabria,castilla-la mancha,castilla y león,cataluña,"
    "comunidad de madrid,madrid,comunidad valenciana,extremadura,galicia,la rioja,murcia,navarra,país vasco,england,scotland,wales,"
    "northern ireland,kent,essex,surrey,devon,cornwall,norfolk,suffolk"
))  # fmt: skip


def folded(text: str) -> str:
    """A value as the word lists have it: small, no accents, no dot at the end, single blanks.

    Examples
    --------
    >>> folded(" Männlich "), folded("Dr."), folded("Month-to-Month")
    ('mannlich', 'dr', 'month-to-month')
    """
    return " ".join(ascii_of(text).split()).rstrip(".")


@cache
def meaning(field: str) -> Mapping[str, str | bool]:
    """The known words of a field's values and the codes that they mean; an empty code means only that the word belongs there.

    Examples
    --------
    >>> meaning("gender")["frau"], meaning("marital_status")["ledig"], meaning("education")["phd"], meaning("contact_month")["juin"]
    ('female', 'single', 'tertiary', 'jun')
    """
    if field == "contact_month":
        short = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
        return {ascii_of(word): short[number - 1] for word, number in MONTHS.items()}
    lists = {
        "gender": GENDER,
        "salutation": SALUTATION,
        "marital_status": MARITAL,
        "education": EDUCATION,
        "contract_term": TERM,
        "country": COUNTRIES,
        "currency": CURRENCY,
    }
    return _by_word(lists[field]) if field in lists else {}


@cache
def says(field: str) -> Mapping[str, bool]:
    """Folded words for yes and no in a flag's column, those that the parser knows included.

    Examples
    --------
    >>> says("churned")["active"], says("marketing_consent")["active"], says("responded")["oui"]
    (False, True, True)
    """
    plain = {folded(word): bool(value) for word, value in FLAGS.items()}
    listed = [(value, lists.get(name, "")) for name in ("", field) for value, lists in ((True, YES), (False, NO))]
    own = {folded(word): value for value, text in listed for word in text.split(",")}
    return {word: value for word, value in (own | plain).items() if word}


def _by_word(lists: Mapping[str, str]) -> dict[str, str | bool]:
    found: dict[str, str | bool] = {}
    for code, text in lists.items():
        for word in text.split(","):
            found.setdefault(folded(word), code)
    return found


@cache
def words(kind: str) -> frozenset[str]:
    """Folded words of a kind: flag, country, currency, or a field that `meaning` knows.

    Examples
    --------
    >>> "deutschland" in words("country"), "oui" in words("flag"), "eur" in words("currency")
    (True, True, True)
    """
    plain = {"flag": FLAGS, "country": (*countries(), *meaning("country")),
             "currency": (*CURRENCIES.split(), *meaning("currency")), "channel": CHANNELS.split(",")}
    return frozenset(folded(word) for word in plain.get(kind, meaning(kind)))
