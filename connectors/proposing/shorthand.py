"""What systems and offices write in place of whole words: cut words, codes of systems, words that mean something beside certain others.

It adds to `lexicon` and goes before it. A form is folded as there; a meaning of two words is two meanings at once.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from connectors.proposing import lexicon


def _all(words: str) -> frozenset[str]:
    return frozenset(words.split())


FORMS: Mapping[str, str] = {
    "customer": "cstm cstmr cus cst clt clts cli klt klnt lid leden lids relatie relaties afnemer afnemers deelnemer deelnemers "
    "donateur donateurs donor donors adherent adherents adherente adh membre membres miembro miembros asociado asociados titular "
    "titulaire inhaber karteninhaber kaarthouder cardholder besteller kaufer koper kopers supporter attendee participant participante "
    "profile profiles profil verzekerde versicherter versicherungsnehmer assure asegurado tomador abonnenten abonados huurder mieter "
    "locataire inquilino debnr bezoeker besucher visiteur visitante",
    "customer id": "kunnr kundnr kndnr kdnummer klantnr klantid clientnr numcli numcliente nocli numeroclient codcli codclient "
    "codcliente idcli idclient idcliente kundenid lidnr lidnummer relatienr custnum customerno clientid clientref debitorennr debitornr "
    "mitgliedsnr mitgliednr memberno memberid nclient ncliente numsocio nsocio idsocio contactid personid userid",
    "id": "n nº n° nro nrs ndeg kenn kennziffer sleutel clef cle clave llave schlussel matricule matricula numm nrid sysid",
    "reference": "ref refs referenz reference referencia referentie refnr referenznummer",
    "code": "cd cod codice codes",
    "name": "nm nme",
    "first name": "vorn vname vn vnaam voorn pren fn fnm fstname frstname firstnm rufn forenames christianname primernombre voornamen",
    "last name": "nachn nname nachnam achtern anaam achternm ape apell apel lstname lastnm sname surnm geslachtsnaam familienaam "
    "nomfamille nomdefamille primerapellido",
    "contact name": "ansprechpartner ansprechperson interlocuteur",
    "maiden": "geburtsname madchenname meisjesnaam",
    "first": "primer primero primera premier premiere eerste erste erster",
    "salutation": "anr anred aanspreekvorm aanspreektitel trato courtesy saludo civ aansp",
    "email": "eml emailadr mailadr emailadresse mel courriels correos smtp emailid correoe correoelectronico emailaddr mailadres",
    "phone": "telf tlf tfno tfn tlfno telno telefoonnr telefonnr fono ph phn phnum phoneno phonenbr fernsprecher numtel notel "
    "numtelefono telefonos festnetz fixe fijo landline festnetznummer",
    "mobile": "cel celu handynr gsmnr mobielnr mobilnr mobilfunk mobilfunknummer mobilfunknr portables moviles mobilephone telmobil "
    "telmobile telportable telmovil telmobiel mobielnummer handynummer mobilno mobileno",
    "street": "strt stras strae strn straatnm calles streetaddr streetnm libellevoie avenida avda",
    "address": "anschr adress adrs adresszeile adresregel direc direcc dir direccion dom domic addrs",
    "house": "hnr hsnr hausnr huisnr hnum hs housenr housenum housenumber hausno portal numvia nvia",
    "city": "cty loc localite localites pob pobl ciud mun municip plaatsnaam plaatsnm ortsname woonpl wnpl wohn woonpltas stadtname "
    "posttown cityname villes gem residencia",
    "region": "prvn prvnc rgn prov bundesld bdl bula bdsl ccaa comunidadautonoma regionname landesteil kt",
    "state": "stt stateprov statecd",
    "postcode": "pc pcode cpost codpostal codpost cpostal codigopostal codpos pstlz postc postalcd zipcd zipc postleitz cpo",
    "country": "ctry cntry ctr lkz landkz landcode landeskennung laenderkennzeichen landerkennzeichen paiscode codpais codepays cntrycd "
    "countrycode landcd nation",
    "birth": "ne nee gb gbd gebr gebd brth brthd nacim nacido nacida naissa gebor geburtsd",
    "birth date": "gbdat gebdatum gbdatum gebdt geburtsdat gebtag dnaiss dtnaiss datenaiss datnaiss datenaissance ddn dtn fnac fecnac "
    "fecnacim fechanac fenac fnacimiento birthdt bdate brthdt brthdate dateofbirth geborenam geboortedat gebdag gdatum geburtsdtm "
    "fechanacimiento dobdate",
    "birth year": "gebjahr birthyear yob yearbirth annaiss geburtsj",
    "birth city": "geburtsort geboorteplaats",
    "date": "dat dte fec fch fech fecha dtm dts fcha am",
    "age": "lebensalter edades jaarleeftijd",
    "annual": "jahren jahre jaren ans anos pa years ann jhrl",
    "group": "cat categ catg ctgr ctgry kat grp gruppo klasse gpe grpe",
    "gender": "gndr geschl gesl sx gesch sexcode geschlechtkz mw mwd mv hf mf",
    "civil": "civil burg burgerlijk burgerlijke civile",
    "marital": "famst famstand zivst ecivil estciv etatciv martl marst maritl burgstaat burgst",
    "familial": "fam familiale familiar familial",
    "situation": "situation sit situacion situatie",
    "status": "stand etat sts stat",
    "education": "edct edctn edu educ bild bildungsgrad bildungsniveau opl opleidingsniv opleidingniv schulbildung schul studies "
    "qualification qualifikation niveauetudes nivelestudios edlevel schooldiploma",
    "level": "lvl niv nivo stufen",
    "occupation": "occ occup occupatn berufsbez berufsbezeichnung berufsgruppe employment csp catsocpro cargo oficio beroepsgroep prof "
    "jobtitle jobname erwerbstatigkeit",
    "position": "fonction funcion funktion",
    "income": "einkom eink inc incm sal sueldo nomina bruttoeinkommen bruttogehalt ingr jaarink jahreseink nettoeinkommen",
    "household": "hh haushalt haushalts huishouden huishoud foyer menage hogar",
    "signup": "rgst rgstr anm anmeldedat reg regdat registr registratie inschr inscr aanm aanmeld adhesion beitritts eintritts "
    "eintrittsdat erstanmeldung registrierungsdat lidmaatschap fecalta faltas falta dtinscr joindate joindt regdate signupdt onboarding "
    "enrol enroll eingeschrieben",
    "created": "crtd erdat anlage anlagedat angelegt crea creadate createdate creatn anlegedatum aanmaak aanmaakdatum crdate "
    "creationdate",
    "since": "sind dsde",
    "consent": "perm permiso einw werbeeinw optins einwill dsgvo gdpr rgpd suscrito suscripcion suscriptor subscribe newsl nieuwsbr "
    "toestemm mailingok werbeok abonniert",
    "marketing": "publi werbe pub publ mktg mkt promo reclame commercial comercial",
    "accept": "accp accpt acepta acepto aceptado akzept angenommen aangenomen accepteert ingegaan zugestimmt",
    "offer": "offer angebot aanbod offre oferta",
    "channel": "kan chan chnl chnnl vtweg bestellweg",
    "preferred": "pref prefs prefered wunsch voork bevorz preferee favori",
    "loyalty": "loyalty treue fidelite fidelidad fidelizacion membership",
    "order": "cde cdes cmd cmde cmdes best bst bstl bestellg po txn txns trx trxn trans tx tran ped vente vendu verkauf verkaufs "
    "verkoop verkoops sold venta vertriebs sale auftr bestelldat ordr koop kop buchungs",
    "order id": "vbeln bstnk bestnr auftragsnr auftrnr ordernum orderno ordernumber orderref numcde numcommande nocommande npedido "
    "numpedido nopedido bestelnr bestelid txnid trxid transid transactionid",
    "invoice": "gefactureerd fakturiert invoiced ticket tickets tique ticketde rech rechn rechnr fact fac fra inv quittung quittance "
    "kassabon albaran nota bonnr kassenbeleg belegs verkaufsbeleg",
    "invoice id": "numticket noticket ticketid belegnr belnr rgnr renr rechnungsnr factuurnr facnr numfac numfactura invno invoiceno "
    "receiptno numfacture bonnummer kassenbonnr",
    "count": "nb nbs nbre nmbr qtyof aant anzah cntr kount nbtotal",
    "days": "days tage dagen jours dias tg dgn jrs",
    "total": "ges tot totl ttl totaux clv ltv cltv cumul cumule cumulee kumuliert acumulado",
    "spend": "ums umsaetze gast gastos spnd besteedbedrag depensetotale ca",
    "tenure": "laufz antig anc ancien vertragsmonate mindestlaufzeit",
    "month": "monaten mths mth mnth mnths mnd mtl monatl mens pm",
    "month charge": "mensualite mensualidad monatsbeitrag monatsgebuhr abopreis monatspreis maandprijs cuotamensual mrc",
    "contract": "cntrct vertr contr cttr contrac vtr",
    "commitment": "permanencia engagement bindung mvlz commitment bindungsfrist",
    "charge": "chrg chrgs entgelt abokosten",
    "payment": "pymn pymt pymnt reglement regl pmt paymt domiciliation betalen cobro",
    "payment method": "zahlart zahlweise paymethod paymethode betaalwijz formapago mediopago modereglement modepaiement zahlungsm "
    "paytype zahlungsw",
    "method": "mode moyen medio meth mdo",
    "churn": "abandono kundig kuendig gekund storno resil resilier cancelacion uitgestroomd vertrokken ausgetreten churner gekuendigt "
    "lapsed",
    "previous": "earlier prec prev prv preced vorh anter ant eerder vorher precedente",
    "last": "fmly ult ultim ulti dern derniers lst ltzt letzt letztem letzten laatst jungster",
    "contact": "cntc cntct call calls anruf anrufs appel llamada gesprek contac kont telefonat",
    "outcome": "erg resultad uitk",
    "response": "rspn rspns souscrit resp reaktion zugesagt interesado repons suscribio abgeschlossen",
    "product": "prods prd prdct artcl artno artikelcode articleno mat material pdt articul artic prodotto itm",
    "product id": "matnr artnr artikelnr prodnr prodid productid itemno itemid itemcode articleid refprod refarticle codart codarticulo "
    "codarticle codprod produktnr productnr artikelid skunr skucode stockcode",
    "product description": "artbez artikelbez arktx maktx libelleproduit libellearticle descarticulo artikelomschr prodname productname "
    "itemname itemdesc proddesc artikelname denominacion omschr",
    "description": "descr descrip desc bezeich bezeichn libell denom intitule",
    "department": "wgr wg warengr matkl sparte dpt dept rub",
    "line": "ln posnr zl lin lig rgl positionsnr posten regels lineno",
    "quantity": "qntt uds ud unid unids qnty quant qu mge mng stk stck cant ctd cantid pces kwmeng anzst pz pzas",
    "unit": "unite einh",
    "unit price": "pu ppu pvp epreis ep vkpreis stuckpr einzelpr einzelpreise prixunit preciounit precioud unitprc unitpr stuksprijzen "
    "puht puttc",
    "amount": "vl money mont mt mtt mnt imp impte betr bedr regelbedr gpreis gesamtpr netwr lineamt extprice linetotal regeltotaal "
    "positionswert amnt",
    "currency": "crrn crncy crrncy whg waehr wahr waers waerk ccy cur div divisa dev wrg monnaie muntsoort muntcode curcy",
    "online": "onl",
    "title": "ttle",
    "price": "prc prce",
    "segment": "zielgruppe doelgroep",
    "previous contact": "vorkontakte vorkontakt",
    "first last name": "nombreyapellidos nometprenom prenometnom vornachname namevorname nachnamevorname voornaamachternaam",
}
"""Meaning: the forms of it."""

FOREIGN = _all(
    "segundo segunda second zweiter zweite deuxieme tweede sms role roles rolle campana campagne kampagne swift nif dni cif nie bsn "
    "siret siren ust ustid ustidnr steuernr steuernummer taxid vatid rfc curp fiscal fiscale fiscaal kvk optout unsubscribe "
    "unsubscribed unsubscribes bounced bounces blacklist gesperrt blocked locked sperre sperrkennzeichen mahn mahnstufe zusatz "
    "adresszusatz addition complement complemento toevoeging huisnrtoev toev toevoegsel suite apt apartment appartement floor piso "
    "puerta escalera etage batiment stiege tussenvoegsel voorvoegsel insertion namenszusatz titelvor initiales voorletters initialen "
    "middlename predicted prediction predictive forecast prognose prevision probability probabilite risk risiko risico riesgo "
    "propensity besitzer eigenaar proprietaire propietario responsable zustandig zustandiger betreuer berater conseiller asesor "
    "bearbeiter sachbearbeiter accountmanager medewerker mitarbeiter kassierer caissier cajero verkoper bediener employees employe "
    "empleado notiz notizen bemerkung bemerkungen kommentar commentaire commentaires opmerking opmerkingen observaciones observacion "
    "remarque remarques remark remarks memo anmerkung anmerkungen kinder enfants hijos kinderen children saldo solde kontostand "
    "hypothek hypotheek mortgage hipoteca loan kredit pret prestamo lening firmen firmenname raison razon bedrijfsnaam gesellschaft "
    "empresas dto descuento rabatte kortings remises activity active activiteit actividad visite visites bezoek bezoeken visita visitas "
    "besuch besuche zugriff pageviews pageview opens open opened clicks filiale filiaal magasin magasins tienda winkel kasse kassa "
    "caisse caja till warehouse lager entrepot almacen verbrauch verbruik conso consommation kwh kva datenvolumen puissance potencia "
    "leistung vermogen reclamacion reclamaciones plainte plaintes klacht klachten beschwerde beschwerden complaint complaints storung "
    "storungen storing password pwd passwort wachtwoord contrasena provenance herkunft origen herkomst quelle bron origine pct perc "
    "percentage taux tasa prozent prozentsatz procent quote anteil sec sek secs secondes segundos duration"
)
"""As `lexicon.FOREIGN`: words that make a header mean something else."""

NEUTRAL = _all(
    "tsd tds tausend thousand thousands duizend duizenden milliers miles mio mln million millions millionen keur teur kusd yyyy yy dd "
    "mm jjjj aaaa tt hh e al has hat have heeft tiene el los as als comme como with met avec con mit uns us ons nous nos to bis so far "
    "bisher hasta op le la per he she historic historical historisch historique historico net ht ttc tvac hors iso alpha isoalpha txt "
    "fld raw val flag flg kz ind priv prive privee privat particulier particular perso personnel personnelle thuis personlich "
    "persoonlijk highest hochster hoogste mindest grund basis basic said says yes wants wish wishes wunscht mochte wil souhaite desea "
    "autonoma angegeben sap erp crm csv export eur usd gbp chf euro euros dollars pounds"
)
"""As `lexicon.NEUTRAL`."""

BESIDE: tuple[tuple[str, frozenset[str], str], ...] = (
    ("f", frozenset({"birth", "order", "signup", "shipping", "last", "contact", "invoice", "churn"}), "date"),
    ("f", frozenset({"name"}), "first"),
    ("l", frozenset({"name"}), "last"),
    ("g", frozenset({"price"}), "amount"),
    ("e", frozenset({"price"}), "unit"),
    ("vk", frozenset({"price"}), "unit"),
    ("art", frozenset({"id", "description", "name", "code", "group", "department", "reference"}), "product"),
    ("st", frozenset({"code"}), "state"),
    ("reference", frozenset({"customer", "order", "product", "invoice", "line", "contract"}), "id"),
    ("rev", frozenset({"annual"}), "income"),
    ("via", frozenset({"contact"}), "channel"),
    ("ttl", frozenset({"occupation"}), "title"),
    ("stck", frozenset({"code"}), "product"),
    ("years", frozenset(), "annual"),
)  # fmt: skip
"""A word, the meanings beside which it means something else or anything at all, and what it means there."""


@cache
def meanings() -> dict[str, frozenset[str]]:
    """Every known form and what it means; the forms of this module go before those of the lexicon.

    Examples
    --------
    >>> sorted(meanings()["kdnr"]), sorted(meanings()["fec"]), sorted(meanings()["vorname"])
    (['customer', 'id'], ['date'], ['first', 'name'])
    """
    own = {form: frozenset(meaning.split()) for meaning, forms in FORMS.items() for form in forms.split()}
    return {form: words for form, words in {**lexicon.meanings(), **own}.items() if form in own or form not in FOREIGN}


@cache
def foreign() -> frozenset[str]:
    """Words that make a header mean something else."""
    return (lexicon.FOREIGN | FOREIGN) - frozenset(form for forms in FORMS.values() for form in forms.split()) - {"code"}


@cache
def neutral() -> frozenset[str]:
    """Words that leave a header's meaning as it is."""
    return lexicon.NEUTRAL | NEUTRAL


@cache
def known() -> frozenset[str]:
    """Every word that is known, whatever it means."""
    return frozenset(meanings()) | foreign() | neutral()
