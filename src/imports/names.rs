//! What columns are called: names as `guess::folded` writes them, in English, German, French, Spanish, Portuguese,
//! Italian, Dutch and Polish.

use super::choices::{Field, Target};

/// (names, with commas between them; what they mean)
const NAMES: &[(&str, Target)] = &[
    (
        "first name, firstname, given name, givenname, forename, vorname, rufname, prenom, nombre de pila, \
         primer nombre, primeiro nome, nome proprio, voornaam, imie",
        Target::Field(Field::FirstName),
    ),
    (
        "last name, lastname, surname, family name, familyname, nachname, familienname, zuname, \
         nom de famille, apellido, apellidos, sobrenome, apelido, ultimo nome, cognome, achternaam, \
         familienaam, nazwisko",
        Target::Field(Field::LastName),
    ),
    (
        "name, full name, fullname, customer, customer name, contact, contact name, kunde, kundenname, \
         vor und nachname, vollstandiger name, ansprechpartner, kontakt, nom, nom complet, nom et prenom, \
         client, nombre, nombre completo, nombre y apellidos, cliente, nome, nome completo, \
         nome e cognome, nominativo, naam, volledige naam, klant, imie i nazwisko, klient, nazwa",
        Target::FullName,
    ),
    (
        "phone, phone number, phonenumber, telephone, telephone number, tel, tel nr, mobile, mobile phone, \
         mobile number, cell, cell phone, cellphone, whatsapp, whatsapp number, msisdn, telefon, \
         telefonnummer, telefon nr, rufnummer, handy, handynummer, mobil, mobilnummer, mobiltelefon, \
         numero de telephone, portable, telephone portable, telefono, numero de telefono, movil, celular, \
         telemovel, telefone, numero de telefone, cellulare, numero di telefono, telefoon, telefoonnummer, \
         mobiel, gsm, numer telefonu, komorka, telefon komorkowy",
        Target::Field(Field::Phone),
    ),
    (
        "email, e mail, mail, email address, e mail address, mail address, e mail adresse, emailadresse, \
         mailadresse, courriel, adresse email, adresse e mail, adresse mail, correo, correo electronico, \
         direccion de correo, endereco de email, correio eletronico, posta elettronica, indirizzo email, \
         e mailadres, emailadres, adres email, adres e mail, poczta",
        Target::Field(Field::Email),
    ),
    (
        "company, company name, organisation, organization, business, employer, firma, firmenname, \
         unternehmen, societe, entreprise, raison sociale, empresa, compania, organizacion, organizacao, \
         azienda, societa, ragione sociale, bedrijf, bedrijfsnaam, przedsiebiorstwo, nazwa firmy",
        Target::Field(Field::Company),
    ),
    (
        "note, notes, comment, comments, remark, remarks, description, notiz, notizen, bemerkung, \
         bemerkungen, anmerkung, kommentar, remarque, remarques, commentaire, nota, notas, comentario, \
         comentarios, observacion, observaciones, observacao, observacoes, note interne, opmerking, \
         opmerkingen, notitie, uwagi, notatka, komentarz",
        Target::Field(Field::Note),
    ),
    (
        "type, customer type, customertype, kundentyp, typ, type de client, tipo, tipo de cliente, \
         tipo cliente, klanttype",
        Target::Field(Field::CustomerType),
    ),
    ("language, locale, sprache, langue, idioma, lingua, taal, jezyk, lang", Target::Field(Field::Locale)),
    (
        "time zone, timezone, zeitzone, fuseau horaire, zona horaria, fuso horario, fuso orario, tijdzone, \
         strefa czasowa",
        Target::Field(Field::TimeZone),
    ),
    (
        "id, external id, externalid, customer id, customerid, customer number, customer no, reference, \
         kundennummer, kunden nr, kundennr, kunden id, numero client, numero de client, code client, \
         numero de cliente, codigo de cliente, codice cliente, klantnummer, klant id, numer klienta, \
         id klienta",
        Target::Field(Field::ExternalId),
    ),
    (
        "label, labels, tag, tags, group, groups, segment, segments, etikett, etiketten, schlagwort, \
         schlagworte, gruppe, gruppen, etiquette, etiquettes, etiqueta, etiquetas, etichetta, etichette, \
         groep, groepen, etykieta, etykiety, grupa",
        Target::Labels,
    ),
    (
        "newsletter, marketing, marketing consent, email consent, opt in, optin, accepts marketing, \
         email marketing, accepts email marketing, werbeeinwilligung, einwilligung",
        Target::Consent("marketing", "email"),
    ),
    ("sms marketing, accepts sms marketing, sms consent, sms opt in", Target::Consent("marketing", "sms")),
    ("whatsapp marketing, whatsapp consent, whatsapp opt in, whatsapp optin", Target::Consent("marketing", "whatsapp")),
];

/// What a column of that name is, if it is one that is known.
pub fn meaning(folded: &str) -> Option<&'static Target> {
    let is_it = |names: &&str| names.split(", ").any(|name| name == folded);
    NAMES.iter().find(|(names, _)| is_it(names)).map(|(_, target)| target)
}
