-- Which check-in is the latest is told by when it was: one that was brought along from elsewhere is older than its id.

CREATE INDEX check_in_opened_at ON check_in (person, opened_at);
