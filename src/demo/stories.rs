//! What customers of a bicycle shop write about.

/// A conversation of the last few days.
pub struct Story {
    pub name: &'static str,
    pub phone: &'static str,
    pub is_resolved: bool,
    pub lines: &'static [Line],
}

pub struct Line {
    pub minutes_ago: i64,
    pub is_ours: bool,
    pub text: &'static str,
}

const fn theirs(minutes_ago: i64, text: &'static str) -> Line {
    Line { minutes_ago, is_ours: false, text }
}

const fn ours(minutes_ago: i64, text: &'static str) -> Line {
    Line { minutes_ago, is_ours: true, text }
}

pub const ALL: &[Story] = &[
    Story {
        name: "Mara Lindqvist",
        phone: "46701740605",
        is_resolved: false,
        lines: &[
            theirs(2900, "Hi! I would like to book a *spring check* for my gravel bike. Which days are free?"),
            ours(2890, "Hello Mara, we have Tuesday at 9:00 or Thursday at 16:30. Which one suits you?"),
            theirs(2885, "Thursday please 🙂"),
            ours(2880, "Done: Thursday, 16:30. It takes about 40 minutes, and there is coffee."),
            theirs(34, "Hello again, I am running late today. Can I still come at 17:00?"),
        ],
    },
    Story {
        name: "João Ferreira",
        phone: "351912345678",
        is_resolved: false,
        lines: &[
            theirs(190, "Good morning, is the cargo bike in the window still for sale?"),
            ours(184, "Good morning! It is. 2,450 € with the rain cover, ready to ride."),
            theirs(181, "And could I try it on Saturday? I would bring two children and a dog 😄"),
            ours(176, "Gladly. Saturday from 10 to 14, no appointment needed."),
            theirs(172, "Perfect, see you then!"),
        ],
    },
    Story {
        name: "Priya Natarajan",
        phone: "447400123456",
        is_resolved: false,
        lines: &[
            theirs(77, "My e-bike shows error E07 and does not start any more. What can I do?"),
            theirs(76, "It happened after the rain yesterday"),
        ],
    },
    Story {
        name: "Tomasz Wolski",
        phone: "48600700800",
        is_resolved: false,
        lines: &[
            theirs(1500, "Is my wheel ready?"),
            ours(1470, "Not yet: the spokes come tomorrow. We write as soon as it is done."),
            theirs(1465, "OK, thank you"),
        ],
    },
    Story {
        name: "Lucía Romero",
        phone: "34600123456",
        is_resolved: false,
        lines: &[theirs(9, "Do you also rent bikes for a weekend? We are four.")],
    },
    Story {
        name: "Hanna Vogt",
        phone: "4915123456789",
        is_resolved: true,
        lines: &[
            theirs(4400, "The new brakes are great, thanks for the quick work!"),
            ours(4380, "That is good to hear, Hanna. Ride safely!"),
        ],
    },
    Story {
        name: "Kwame Boateng",
        phone: "233241234567",
        is_resolved: true,
        lines: &[
            theirs(7300, "What are your opening hours on Saturday?"),
            ours(7295, "9 to 14. See https://acme-bikes.test/hours for the rest of the week."),
            theirs(7290, "👍"),
        ],
    },
];
