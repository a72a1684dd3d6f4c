-- By which two records of one person are found. Row level security lets no function stand in an index condition, so
-- what is compared are columns, made by the database itself whoever writes the row.
--
-- The sound of a name: its words without accents, in Latin letters, as consonants, in one order. "José Müller"
-- and "Mueller, Jose" sound alike; so do "Meier" and "Meyer", "Jon" and "John", "Юлия Щербакова" and "Yulia Scherbakova".
CREATE FUNCTION switchboard_latin(words text) RETURNS text LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
    folded text := lower(words);
BEGIN
    IF octet_length(folded) <> length(folded) THEN
        folded := regexp_replace(normalize(folded, NFKD), '[\u0300-\u036f]', '', 'g');
        folded := translate(folded,
            'øðđłħıŋŧабвгдезийклмнопрстуфыэіїєґъьαβγδεζηικλμνοπρσςτυφω',
            'oddlhintabvgdeziiklmnoprstufyeiieg__abgdeziiklmnoprsstyfo');
        folded := replace(replace(replace(replace(folded, 'ß', 'ss'), 'æ', 'ae'), 'œ', 'oe'), 'þ', 'th');
        folded := replace(replace(replace(replace(folded, 'ж', 'zh'), 'х', 'kh'), 'ц', 'ts'), 'ч', 'ch');
        folded := replace(replace(replace(replace(folded, 'ш', 'sh'), 'щ', 'sch'), 'ю', 'yu'), 'я', 'ya');
        folded := replace(replace(replace(replace(folded, 'θ', 'th'), 'ξ', 'x'), 'χ', 'ch'), 'ψ', 'ps');
        folded := replace(folded, '_', '');
    END IF;
    RETURN btrim(regexp_replace(folded, '[^[:alnum:]]+', ' ', 'g'));
END
$$;
COMMENT ON FUNCTION switchboard_latin(text) IS
    'Words in small Latin letters without accents and signs. Scripts that it cannot spell in Latin stay as they are.';

CREATE FUNCTION switchboard_name_sound(first_name text, last_name text, display_name text) RETURNS text
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
    folded text := public.switchboard_latin(COALESCE(
        NULLIF(btrim(COALESCE(first_name, '') || ' ' || COALESCE(last_name, '')), ''), display_name));
    sounds text[];
BEGIN
    -- Initials say little, and are often left out.
    folded := regexp_replace(folded, '\m.\M', '', 'g');
    folded := translate(replace(replace(folded, 'ph', 'f'), 'ck', 'k'), 'cqzvdh', 'kksft');
    folded := regexp_replace(regexp_replace(folded, '\Y[aeiouyw]+', '', 'g'), '([^ ])\1+', '\1', 'g');
    sounds := array_remove(string_to_array(folded, ' '), '');
    -- One word is a name that too many have.
    IF sounds IS NULL OR cardinality(sounds) < 2 THEN
        RETURN NULL;
    END IF;
    -- What nearly all have, without a query.
    IF cardinality(sounds) = 2 THEN
        RETURN left(least(sounds[1] COLLATE "C", sounds[2]) || ' ' || greatest(sounds[1] COLLATE "C", sounds[2]), 120);
    END IF;
    RETURN left((SELECT string_agg(part, ' ' ORDER BY part COLLATE "C") FROM unnest(sounds) AS part), 120);
END
$$;
COMMENT ON FUNCTION switchboard_name_sound(text, text, text) IS
    'The consonants of a name''s words, sorted: the same for names that differ by accents, script, order or a vowel. NULL for fewer than two words.';

CREATE FUNCTION switchboard_match_key(kind identity_kind, value text) RETURNS text
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
    mailbox text;
    domain text;
    digits text;
BEGIN
    IF kind = 'email' THEN
        domain := lower(split_part(value, '@', 2));
        mailbox := split_part(lower(split_part(value, '@', 1)), '+', 1);
        IF domain IN ('gmail.com', 'googlemail.com') THEN
            RETURN replace(mailbox, '.', '') || '@gmail.com';
        END IF;
        RETURN mailbox || '@' || domain;
    END IF;
    IF kind = 'lid' THEN
        RETURN NULL;
    END IF;
    digits := regexp_replace(split_part(value, '@', 1), '[^0-9]', '', 'g');
    RETURN CASE WHEN length(digits) >= 8 THEN right(digits, 8) END;
END
$$;
COMMENT ON FUNCTION switchboard_match_key(identity_kind, text) IS
    'What two notations of one address share: the last eight digits of a phone, the mailbox of an email address.';

CREATE FUNCTION switchboard_company_domain(email text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT NULLIF(domain, '') FROM (SELECT lower(split_part(email, '@', 2)) AS domain) AS of
    WHERE domain NOT IN (
        'gmail.com', 'googlemail.com', 'outlook.com', 'hotmail.com', 'hotmail.de', 'hotmail.fr', 'hotmail.co.uk', 'live.com',
        'msn.com', 'yahoo.com', 'yahoo.de', 'yahoo.fr', 'yahoo.co.uk', 'yahoo.com.br', 'ymail.com', 'icloud.com', 'me.com',
        'mac.com', 'aol.com', 'gmx.de', 'gmx.net', 'gmx.at', 'gmx.ch', 'gmx.com', 'web.de', 't-online.de', 'freenet.de',
        'posteo.de', 'mailbox.org', 'proton.me', 'protonmail.com', 'tutanota.com', 'orange.fr', 'wanadoo.fr', 'free.fr',
        'laposte.net', 'libero.it', 'virgilio.it', 'sapo.pt', 'uol.com.br', 'bol.com.br', 'terra.com.br', 'mail.ru',
        'yandex.ru', 'ya.ru', 'bk.ru', 'inbox.ru', 'list.ru', 'rambler.ru', 'ukr.net', 'qq.com', '163.com', '126.com',
        'sina.com', 'naver.com', 'daum.net', 'rediffmail.com', 'seznam.cz', 'wp.pl', 'o2.pl', 'onet.pl', 'interia.pl')
$$;
COMMENT ON FUNCTION switchboard_company_domain(text) IS 'The domain of an email address, unless anybody may have an address there.';

ALTER TABLE customers ADD COLUMN name_sound text COLLATE "C"
    GENERATED ALWAYS AS (switchboard_name_sound(first_name::text, last_name::text, display_name)) STORED;
CREATE INDEX customers_name_sound ON customers (tenant_id, name_sound)
    WHERE deleted_at IS NULL AND name_sound IS NOT NULL;
COMMENT ON COLUMN customers.name_sound IS 'By which records with a similar name are found.';

ALTER TABLE customer_identities ADD COLUMN match_key text COLLATE "C"
    GENERATED ALWAYS AS (switchboard_match_key(kind, value::text)) STORED;
CREATE INDEX customer_identities_match ON customer_identities (tenant_id, match_key)
    WHERE deleted_at IS NULL AND match_key IS NOT NULL;
COMMENT ON COLUMN customer_identities.match_key IS 'By which two notations of one address are found.';

CREATE TYPE pair_state AS ENUM ('open', 'dismissed', 'merged');

CREATE TABLE duplicate_pairs (
    tenant_id  uuid NOT NULL,
    left_id    uuid NOT NULL,
    right_id   uuid NOT NULL,
    score      smallint NOT NULL CONSTRAINT duplicate_pairs_score CHECK (score BETWEEN 0 AND 100),
    reasons    text[] NOT NULL,
    state      pair_state NOT NULL DEFAULT 'open',
    decided_by uuid,
    decided_at timestamptz,
    seen_at    timestamptz NOT NULL DEFAULT now(),
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant_id, left_id, right_id),
    FOREIGN KEY (tenant_id, left_id) REFERENCES customers (tenant_id, id) ON DELETE CASCADE,
    FOREIGN KEY (tenant_id, right_id) REFERENCES customers (tenant_id, id) ON DELETE CASCADE,
    FOREIGN KEY (tenant_id, decided_by) REFERENCES users (tenant_id, id) ON DELETE SET NULL (decided_by),
    CONSTRAINT duplicate_pairs_in_order CHECK (left_id < right_id)
);
CREATE INDEX duplicate_pairs_open ON duplicate_pairs (tenant_id, score DESC, left_id DESC, right_id DESC)
    WHERE state = 'open';
CREATE INDEX duplicate_pairs_dismissed ON duplicate_pairs (tenant_id, score DESC, left_id DESC, right_id DESC)
    WHERE state = 'dismissed';
CREATE INDEX duplicate_pairs_of_right ON duplicate_pairs (tenant_id, right_id);
CREATE INDEX duplicate_pairs_of_user ON duplicate_pairs (tenant_id, decided_by) WHERE decided_by IS NOT NULL;
COMMENT ON TABLE duplicate_pairs IS 'Two records that may be one person: found at night, told by WhatsApp, or decided by somebody.';
COMMENT ON COLUMN duplicate_pairs.reasons IS 'Words of Reason: phone, email, external_id, whatsapp, name_company, name_domain, name.';
COMMENT ON COLUMN duplicate_pairs.state IS 'dismissed: somebody said that they are two; never offered again.';
COMMENT ON COLUMN duplicate_pairs.seen_at IS 'When they were last found alike: what a whole scan no longer finds goes.';
SELECT switchboard_isolate('duplicate_pairs');

CREATE TABLE duplicate_scans (
    tenant_id    uuid NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    id           uuid NOT NULL,
    stage        varchar(20) NOT NULL DEFAULT 'addresses' CONSTRAINT duplicate_scans_stage
        CHECK (stage IN ('addresses', 'external_ids', 'names', 'done')),
    after_key    text COLLATE "C" NOT NULL DEFAULT '',
    looked_at    bigint NOT NULL DEFAULT 0,
    total        bigint NOT NULL DEFAULT 0,
    found        bigint NOT NULL DEFAULT 0,
    requested_by uuid,
    ended_at     timestamptz,
    created_at   timestamptz NOT NULL DEFAULT now(),
    updated_at   timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, requested_by) REFERENCES users (tenant_id, id) ON DELETE SET NULL (requested_by),
    CONSTRAINT duplicate_scans_end CHECK ((stage = 'done') = (ended_at IS NOT NULL))
);
CREATE UNIQUE INDEX duplicate_scans_one_at_a_time ON duplicate_scans (tenant_id) WHERE ended_at IS NULL;
CREATE INDEX duplicate_scans_newest ON duplicate_scans (tenant_id, created_at DESC, id DESC);
CREATE INDEX duplicate_scans_of_user ON duplicate_scans (tenant_id, requested_by) WHERE requested_by IS NOT NULL;
COMMENT ON TABLE duplicate_scans IS 'Looks through all customers for duplicates: how far each is, so that it goes on where it was stopped.';
COMMENT ON COLUMN duplicate_scans.after_key IS 'The last key of the stage that was looked at.';
SELECT switchboard_isolate('duplicate_scans');
