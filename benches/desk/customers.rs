//! `customers`: lists, filters and searches over a million customers in 20 tenants, one of which holds 40 %; and the same
//! pages in a tenant of 10,000. Then [`duplicates`].

use crate::compare::pgbench;
use crate::cost::Cost;
use crate::desk::Desk;
use crate::duplicates;
use crate::figures::{Mark, Report};
use crate::ground::Ground;
use crate::http::Connection;
use crate::statements::{Listening, Statement};
use crate::traffic::{CONNECTIONS, drive};
use crate::visitor::{AS_BROWSER, Visitor};
use anyhow::ensure;
use diesel::connection::SimpleConnection;
use std::sync::Arc;
use std::time::{Duration, Instant};

const TIME: Duration = Duration::from_secs(15);
/// Of the small tenant, whatever the scale.
const SMALL: u64 = 10_000;
/// Times that each page is asked for alone.
const ROUNDS: usize = 40;
/// Pages around a word that only one tenant's customer has are asked for with another word each time.
const WORDS: usize = 200;

/// (name, query)
const PAGES: &[(&str, &str)] = &[
    ("list", ""),
    ("list by last seen", "sort=last_seen"),
    ("list by company, backwards", "sort=company:desc"),
    ("next page", "after={cursor}"),
    ("filter: type", "type=unregistered"),
    ("filter: state", "state=archived"),
    ("filter: label that many carry", "label={common}"),
    ("filter: label that few carry", "label={rare}"),
    ("filter: consent given", "consent=given&purpose=marketing&channel=whatsapp"),
    ("filter: no consent", "consent=none&purpose=marketing&channel=email&sort=created"),
    ("filter: own field", "field.tier.is=gold"),
    ("filter: own field that few have", "field.city.is=City+{n}"),
    ("filter: seen within a week", "seen=within&days=7"),
    ("filter: label, type and seen", "label={common}&type=regular&seen=not_within&days=30"),
    ("search: a common name", "q=maria"),
    ("search: two letters", "q=an"),
    ("search: another script", "q=%E6%9D%8E"),
    ("search: a name by its order", "q=garcia&sort=name"),
    ("search: an external id", "q=ext-{n}"),
    ("search: a phone", "q=%2B49+150+1000{n}"),
    ("search: nobody", "q=zzqx{n}"),
];

pub async fn run(ground: &Ground, report: &mut Report) -> anyhow::Result<()> {
    let crowd = Crowd::fill(ground, report)?;
    lists(ground, &crowd, report).await?;
    duplicates::run(ground, &crowd, report).await
}

/// The customers that everything here is measured with.
pub struct Crowd {
    pub largest: u64,
}

impl Crowd {
    /// Takes minutes; `BENCH_SCALE` makes a part of it.
    pub fn fill(ground: &Ground, report: &mut Report) -> anyhow::Result<Self> {
        let begun = Instant::now();
        // The load of all benchmarks is 300,000 customers; here it is a million.
        let total = (ground.load.customers * 10 / 3).max(50_000);
        let largest = total * 2 / 5;
        let middle = (total - largest - SMALL) / 18;
        let sizes = format!("CASE n WHEN 1 THEN {largest} WHEN 20 THEN {SMALL} ELSE {middle} END");
        let mut conn = ground.connect()?;
        conn.batch_execute(&FILL.replace("{sizes}", &sizes))?;
        conn.batch_execute(SETTLE)?;
        report.add("customers", total as f64, "", Mark::None);
        report.add("written with labels, fields and consents in", begun.elapsed().as_secs_f64(), "s", Mark::None);
        Ok(Self { largest })
    }
}

async fn lists(ground: &Ground, crowd: &Crowd, report: &mut Report) -> anyhow::Result<()> {
    let desk = Desk::start(ground, "web", &[]).await?;
    let large = Arc::new(Place::enter(&desk, 1, crowd.largest).await?);
    let small = Place::enter(&desk, 20, SMALL).await?;
    let cost = Cost::begin(ground, &desk)?;
    let visited = large.clone();
    let request = move |connection: usize, nth: usize| {
        let page = PAGES[(connection * 7 + nth) % PAGES.len()].1;
        Some(visited.get(page, connection * 31 + nth))
    };
    let outcome = drive(desk.address, TIME, 200, request).await?;
    let cost = cost.end(ground, &desk)?;
    report.add("all pages in turn, 32 connections", outcome.per_second(), "pages/s", Mark::None);
    report.add("half of the answers within", outcome.percentile(0.5), "ms", Mark::None);
    report.add("99 of 100 answers within", outcome.percentile(0.99), "ms", Mark::AtMost(50.0));
    report.cost(&cost, outcome.count(), "pages", Mark::None);
    compare(&desk, &large, &small, report).await?;
    let samples = statements(ground, &desk, &large).await?;
    desk.stop().await?;
    if let Some(scripts) = pgbench(ground, CONNECTIONS, &samples)? {
        report.add("pgbench with the same SQL", scripts, "pages/s", Mark::None);
        report.add("ours, as a share of pgbench's", outcome.per_second() / scripts, "", Mark::None);
    }
    Ok(())
}

/// Each page alone, in the large tenant and in the small one.
async fn compare(desk: &Desk, large: &Place, small: &Place, report: &mut Report) -> anyhow::Result<()> {
    for (name, page) in PAGES {
        let (large, small) = (large.median(desk, page).await?, small.median(desk, page).await?);
        report.add(format!("{name}, alone"), large, "ms", Mark::None);
        report.add(format!("{name}: as many times as over 10,000"), large / small, "", Mark::AtMost(1.5));
    }
    Ok(())
}

async fn statements(ground: &Ground, desk: &Desk, place: &Place) -> anyhow::Result<Vec<Vec<Statement>>> {
    let listening = Listening::begin(ground).await?;
    let mut connection = Connection::open(desk.address).await?;
    let mut samples = Vec::new();
    for (nth, (_, page)) in PAGES.iter().enumerate() {
        let request = place.get(page, nth);
        samples.push(listening.hear(async || connection.ask(&request).await.map(drop)).await?);
    }
    Ok(samples)
}

/// A tenant's administrator, and what of its customers the pages name.
struct Place {
    visitor: Visitor,
    tenant: usize,
    size: u64,
    cursor: String,
}

impl Place {
    async fn enter(desk: &Desk, tenant: usize, size: u64) -> anyhow::Result<Self> {
        let visitor = Visitor::sign_in(desk.address, &format!("admin@crm-{tenant}.test")).await?;
        let mut place = Self { visitor, tenant, size, cursor: String::new() };
        let mut connection = Connection::open(desk.address).await?;
        let request = place.visitor.get("/customers", "");
        let answer = connection.ask(&request).await?;
        let page = String::from_utf8_lossy(answer.body).into_owned();
        let cursor = page.split("/customers?after=").nth(1).and_then(|rest| rest.split('"').next());
        ensure!(answer.status == 200 && cursor.is_some(), "a list without a next page");
        place.cursor = cursor.unwrap_or_default().to_owned();
        Ok(place)
    }

    /// The request for a page; `nth` chooses among the words that name few.
    fn get(&self, page: &str, nth: usize) -> Vec<u8> {
        // Numbers of customers that there are in the smallest tenant, too.
        let n = 1_000 + (nth % WORDS) as u64 * 3 % self.size;
        let label = |nth: usize| format!("00000000-0000-7000-9000-{:06}{nth:06}", self.tenant);
        let page = page.replace("{cursor}", &self.cursor).replace("{common}", &label(1)).replace("{rare}", &label(3));
        self.visitor.get(&format!("/customers?{}", page.replace("{n}", &n.to_string())), AS_BROWSER)
    }

    /// In milliseconds.
    async fn median(&self, desk: &Desk, page: &str) -> anyhow::Result<f64> {
        let mut connection = Connection::open(desk.address).await?;
        let mut times = Vec::new();
        for nth in 0..ROUNDS {
            let request = self.get(page, nth);
            let begun = Instant::now();
            let status = connection.ask(&request).await?.status;
            times.push(begun.elapsed());
            ensure!(status == 200, "{page}: {status}");
        }
        times.sort_unstable();
        Ok(times[times.len() / 2].as_secs_f64() * 1_000.0)
    }
}

const FILL: &str = r#"
CREATE TEMP TABLE place AS
    SELECT n, ('00000000-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid AS id, {sizes} AS size
    FROM generate_series(1, 20) AS n;
INSERT INTO tenants (id, name, slug) SELECT id, 'Crowd ' || n, 'crm-' || n FROM place;
INSERT INTO users (tenant_id, id, email, first_name, last_name, role, password_hash, is_verified)
    SELECT place.id, gen_random_uuid(), 'admin@crm-' || n || '.test', 'Ada', 'Crowd', 'TENANT_ADMIN',
           (SELECT password_hash FROM users WHERE email LIKE 'agent%' LIMIT 1), true FROM place;
INSERT INTO labels (tenant_id, id, name)
    SELECT id, ('00000000-0000-7000-9000-' || lpad(n::text, 6, '0') || lpad(l::text, 6, '0'))::uuid, 'Label ' || l
    FROM place, generate_series(1, 5) AS l;
INSERT INTO attribute_definitions (tenant_id, id, key, name, kind, choices)
    SELECT place.id, gen_random_uuid(), key, initcap(key), kind::attribute_kind, choices::jsonb
    FROM place, (VALUES ('tier', 'choice', '["gold", "silver", "bronze"]'), ('city', 'text', '[]'),
                        ('age', 'number', '[]'), ('since', 'date', '[]')) AS own (key, kind, choices);
INSERT INTO customers (tenant_id, id, first_name, last_name, phone, email, company, external_id, customer_type, state,
                       deleted_at, attributes, last_seen_at, created_at)
    SELECT place.id, (lpad(to_hex(1700000000000 + i * 60000::bigint), 12, '0') || '70008' || lpad(to_hex(i), 15, '0'))::uuid,
           (ARRAY['Ana', 'Ben', 'Cora', 'José', 'Eva', 'Fritz', 'Olga', '小明', 'Айгуль', 'Maria'])[1 + abs(hashint4(i)) % 10],
           (ARRAY['Müller', 'Schmidt', 'Garcia', '李', 'Иванов', 'Smith', 'Jones', 'Kowalski', 'Rossi', 'Nguyen', 'Özdemir'])
               [1 + abs(hashint4(i + 1)) % 11] || CASE WHEN i % 3 = 1 THEN i::text ELSE '' END,
           CASE WHEN i % 20 <> 0 THEN '49' || (15010000000 + i)::text END,
           CASE WHEN i % 5 < 2 THEN 'user' || i || '@example' || i % 100 || '.org' END,
           CASE WHEN i % 4 = 0 THEN 'Company ' || i % 5000 END,
           CASE WHEN i % 2 = 0 THEN 'EXT-' || i END,
           (CASE WHEN i % 20 = 0 THEN 'anonymous' WHEN i % 5 < 2 THEN 'regular' WHEN i % 5 = 2 THEN 'unregistered'
                 ELSE 'new' END)::customer_type,
           (CASE WHEN i % 50 = 7 THEN 'archived' WHEN i % 200 = 1 THEN 'suspended' WHEN i % 100 = 33 THEN 'deleted'
                 ELSE 'active' END)::customer_state,
           CASE WHEN i % 100 = 33 THEN now() END,
           CASE WHEN i % 3 = 0 THEN jsonb_build_object(
               'tier', (ARRAY['gold', 'silver', 'bronze'])[1 + i % 7 % 3], 'age', 18 + i % 70,
               'since', (date '2020-01-01' + i % 2000)::text, 'city', 'City ' || i % 3000) ELSE '{}' END,
           CASE WHEN i % 10 <> 9 THEN now() - (i % 400) * interval '1 day' END, to_timestamp(1700000000 + i * 60)
    FROM place, generate_series(1, place.size) AS i;
INSERT INTO customer_identities (tenant_id, id, customer_id, kind, value, is_primary, source)
    SELECT c.tenant_id, gen_random_uuid(), c.id, own.kind::identity_kind, own.value, true, 'import'
    FROM customers AS c JOIN place ON place.id = c.tenant_id, LATERAL (VALUES ('phone', c.phone), ('email', c.email)) AS own (kind, value)
    WHERE own.value IS NOT NULL AND c.deleted_at IS NULL;
INSERT INTO customer_labels (tenant_id, customer_id, label_id)
    SELECT c.tenant_id, c.id, ('00000000-0000-7000-9000-' || lpad(place.n::text, 6, '0') || lpad(
               (CASE WHEN h % 2 = 0 THEN 1 WHEN h % 10 = 1 THEN 2 WHEN h % 200 = 3 THEN 3 ELSE 4 END)::text, 6, '0'))::uuid
    FROM customers AS c JOIN place ON place.id = c.tenant_id, LATERAL (SELECT ('x' || right(c.id::text, 7))::bit(28)::int AS h) AS x;
INSERT INTO consents (tenant_id, id, customer_id, purpose, channel, state, lawful_basis, source, occurred_at)
    SELECT c.tenant_id, gen_random_uuid(), c.id, 'marketing', 'whatsapp',
           (CASE WHEN h % 10 = 0 THEN 'withdrawn' ELSE 'given' END)::consent_state, 'consent', 'form', now()
    FROM customers AS c JOIN place ON place.id = c.tenant_id, LATERAL (SELECT ('x' || right(c.id::text, 7))::bit(28)::int AS h) AS x
    WHERE h % 3 = 0;
"#;
const SETTLE: &str = "VACUUM (ANALYZE) customers, customer_identities, customer_labels, consents, consent_states, labels, customer_counts";
