//! How much speaks for two records being one person: the same sum for a look at one customer and for a whole scan.
//!
//! Each piece of evidence has a weight, the chance that two records that share it are one person. They add up as
//! independent chances do: 1 - (1 - a)(1 - b)…

/// Pairs below are not worth anybody's time.
pub const LEAST: i16 = 50;

/// Continues a `WITH` that has made `pairs (left_id, right_id)`; gives `scored (left_id, right_id, score, reasons)`. `$1`
/// is the tenant.
///
/// Phones share their last eight digits here: one that ends in the other lacks the country code (0.9), two of one
/// country differ in a digit that some networks add, as Brazil's do (0.85), two of different countries meet by chance
/// (0.4). An address that people with wholly different names share counts a fifth less: families do. A name alone counts
/// only where no address speaks against it.
pub const SCORED: &str = "
people AS MATERIALIZED (
    SELECT p.left_id, p.right_id, l.name_sound = r.name_sound AS is_alike,
        (SELECT array_agg(w ORDER BY w) FROM unnest(string_to_array(l_name, ' ')) AS w)
            = (SELECT array_agg(w ORDER BY w) FROM unnest(string_to_array(r_name, ' ')) AS w) AS is_same_name,
        l_name <> '' AND r_name <> '' AND similarity(l_name, r_name) < 0.2 AS is_other_name,
        lower(btrim(l.external_id)) = lower(btrim(r.external_id)) AS is_same_id,
        NULLIF(switchboard_latin(l.company), '') = switchboard_latin(r.company) AS is_same_company,
        switchboard_company_domain(l.email) = switchboard_company_domain(r.email) AS is_same_domain,
        (l.phone IS NULL OR r.phone IS NULL) AND (l.email IS NULL OR r.email IS NULL) AS is_free
    FROM pairs p
    JOIN customers l ON l.tenant_id = $1 AND l.id = p.left_id AND l.deleted_at IS NULL
    JOIN customers r ON r.tenant_id = $1 AND r.id = p.right_id AND r.deleted_at IS NULL
    CROSS JOIN LATERAL (SELECT
        switchboard_latin(COALESCE(NULLIF(btrim(concat_ws(' ', l.first_name, l.last_name)), ''), l.display_name, '')) AS l_name,
        switchboard_latin(COALESCE(NULLIF(btrim(concat_ws(' ', r.first_name, r.last_name)), ''), r.display_name, '')) AS r_name
    ) AS names
), addresses AS MATERIALIZED (
    SELECT p.left_id, p.right_id,
        max(CASE WHEN a.kind = 'email' THEN 0.9 END) AS email,
        max(CASE
            WHEN a.kind = 'email' THEN NULL
            WHEN right(longer, length(shorter)) = shorter THEN 0.9
            WHEN left(longer, 2) = left(shorter, 2) THEN 0.85
            ELSE 0.4
        END) AS phone
    FROM pairs p
    JOIN customer_identities a ON a.tenant_id = $1 AND a.customer_id = p.left_id
        AND a.deleted_at IS NULL AND a.match_key IS NOT NULL
    JOIN customer_identities b ON b.tenant_id = $1 AND b.customer_id = p.right_id
        AND b.deleted_at IS NULL AND b.match_key = a.match_key
    CROSS JOIN LATERAL (SELECT
        ltrim(split_part(a.value, '@', 1), '0') AS one, ltrim(split_part(b.value, '@', 1), '0') AS other
    ) AS digits
    CROSS JOIN LATERAL (SELECT
        CASE WHEN length(one) >= length(other) THEN one ELSE other END AS longer,
        CASE WHEN length(one) >= length(other) THEN other ELSE one END AS shorter
    ) AS lengths
    GROUP BY p.left_id, p.right_id
), weighed AS (
    SELECT left_id, right_id, is_alike, is_same_company, is_same_domain,
        CASE WHEN is_other_name THEN 0.8 ELSE 1 END * COALESCE(phone, 0) AS phone,
        CASE WHEN is_other_name THEN 0.8 ELSE 1 END * COALESCE(email, 0) AS email,
        CASE WHEN is_same_id THEN 0.9 ELSE 0 END AS id,
        CASE
            WHEN is_alike IS NOT TRUE THEN 0
            WHEN is_same_name AND is_free THEN 0.55
            WHEN is_same_name THEN 0.45
            ELSE 0.4
        END AS name
    FROM people LEFT JOIN addresses USING (left_id, right_id)
), scored AS MATERIALIZED (
    SELECT left_id, right_id,
        round(100 * (1 - (1 - phone) * (1 - email) * (1 - id) * (1 - name)
            * CASE WHEN name > 0 AND is_same_company THEN 0.5 ELSE 1 END
            * CASE WHEN name > 0 AND is_same_domain THEN 0.5 ELSE 1 END))::smallint AS score,
        array_remove(ARRAY[
            CASE WHEN phone > 0 THEN 'phone' END,
            CASE WHEN email > 0 THEN 'email' END,
            CASE WHEN id > 0 THEN 'external_id' END,
            CASE WHEN name > 0 AND is_same_company THEN 'name_company' END,
            CASE WHEN name > 0 AND is_same_domain THEN 'name_domain' END,
            CASE WHEN name > 0 AND NOT COALESCE(is_same_company, false) AND NOT COALESCE(is_same_domain, false)
                THEN 'name' END
        ], NULL) AS reasons
    FROM weighed
)";
