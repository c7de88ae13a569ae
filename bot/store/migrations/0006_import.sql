-- Which check-in or card is the latest is told by when it was: what was brought along from elsewhere is older than its id.

CREATE INDEX check_in_opened_at ON check_in (person, opened_at);
CREATE INDEX card_shown_at ON card (person, shown_at);
