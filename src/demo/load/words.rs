//! Names of people and what they write to each other.

use super::dice::Dice;

const FIRST: &[&str] = &[
    "Aisha",
    "Ana",
    "Anton",
    "Beatriz",
    "Bruno",
    "Carla",
    "Chen",
    "Clara",
    "Daniel",
    "Diego",
    "Elif",
    "Emma",
    "Farid",
    "Fatima",
    "Felix",
    "Greta",
    "Hana",
    "Henrik",
    "Ines",
    "Ivan",
    "Jonas",
    "Julia",
    "Kenji",
    "Lara",
    "Leo",
    "Lucia",
    "Mateo",
    "Maya",
    "Mehmet",
    "Mia",
    "Nadia",
    "Noah",
    "Olivia",
    "Paulo",
    "Priya",
    "Rafael",
    "Sara",
    "Sofia",
    "Tariq",
    "Tomás",
    "Valentina",
    "Wei",
    "Yara",
    "Zoë",
];

const LAST: &[&str] = &[
    "Abdi",
    "Almeida",
    "Andersen",
    "Bauer",
    "Becker",
    "Costa",
    "Demir",
    "Dubois",
    "Fernández",
    "Fischer",
    "García",
    "Haddad",
    "Hoffmann",
    "Ivanov",
    "Jensen",
    "Kaya",
    "Kim",
    "Kowalski",
    "Larsen",
    "Lopes",
    "Martin",
    "Mbeki",
    "Mendes",
    "Moreau",
    "Müller",
    "Nguyen",
    "Novak",
    "Okafor",
    "Oliveira",
    "Patel",
    "Pereira",
    "Rossi",
    "Santos",
    "Sato",
    "Schmidt",
    "Silva",
    "Singh",
    "Sørensen",
    "Tanaka",
    "Wagner",
    "Weber",
    "Yilmaz",
    "Zhang",
];

const TRADES: &[&str] =
    &["Bikes", "Travel", "Dental", "Furniture", "Opticians", "Motors", "Flowers", "Academy", "Clinic", "Outdoor"];

const ASKED: &[&str] = &[
    "Hi, is my order ready to be picked up?",
    "Good morning! Do you have an appointment free this week?",
    "Thank you so much!",
    "My order number is #, could you have a look?",
    "When do you open tomorrow?",
    "Is this still available? 😊",
    "The parcel came, but one part is missing.",
    "Can I pay by card when I come by?",
    "ok",
    "Great, see you then 👍",
    "I have not received an invoice for # yet.",
    "Could you call me back in the afternoon, please?",
    "How long does the delivery to Lisbon take?",
    "Sorry, I was at work and could not answer earlier.",
    "It makes a strange noise since the last service. It is not loud, but it comes with every turn, more so uphill.",
    "Yes please",
    "What would that cost altogether, with everything?",
    "I would like to change my booking #: two persons more, and one day earlier if that is possible.",
];

const ANSWERED: &[&str] = &[
    "Hello, thank you for writing to us! I will have a look and be back in a moment.",
    "Your order # is ready. You can pick it up until 6 pm.",
    "Of course, with pleasure.",
    "We have Thursday at 10:30 or Friday at 14:00. Which one suits you better?",
    "I am sorry to hear that. Could you send us a photo of it, please?",
    "That would be 89.00 altogether, including the spare parts.",
    "Done! You will get a confirmation by e-mail.",
    "It usually takes three to five working days.",
    "You are welcome. Have a nice day! 🌞",
    "Could you tell me your order number, please?",
    "I have passed this on to my colleagues in the workshop; they will call you today.",
    "Yes, card, cash or bank transfer are all fine.",
    "We are open from 9 to 18 on weekdays and from 10 to 14 on Saturdays.",
];

const CAPTIONS: &[&str] = &["", "", "This is what it looks like", "Here is the photo", "The label on the back"];

pub fn first_name(dice: &mut Dice) -> &'static str {
    dice.pick(FIRST)
}

pub fn last_name(dice: &mut Dice) -> &'static str {
    dice.pick(LAST)
}

pub fn business(dice: &mut Dice) -> String {
    format!("{} {}", dice.pick(LAST), dice.pick(TRADES))
}

pub fn question(dice: &mut Dice) -> String {
    text(dice, ASKED)
}

pub fn answer(dice: &mut Dice) -> String {
    text(dice, ANSWERED)
}

pub fn caption(dice: &mut Dice) -> String {
    dice.pick(CAPTIONS).to_owned()
}

/// One sentence, sometimes two.
fn text(dice: &mut Dice, sentences: &[&str]) -> String {
    let mut text = dice.pick(sentences).to_owned();
    if dice.percent(20) {
        text = format!("{text} {}", dice.pick(sentences));
    }
    let order = 10_000 + dice.below(90_000);
    text.replace('#', &order.to_string())
}

/// Of a name, what an address may hold.
pub fn plain(name: &str) -> String {
    name.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_lowercase()
}
