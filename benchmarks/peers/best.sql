-- The 300 best by the line, of the posts that no rule rules out. {home} is the column of the asker's home, {pay} what pay adds, {kinds} the
-- arrays of the question; the rest are parameters. The same text for PostgreSQL and DuckDB.
SELECT id
FROM post
WHERE {place}
  AND {skill}
  AND min_age <= {age} AND max_age >= {max_age}
  AND min_education <= {education}
  AND until >= {available}
ORDER BY line_{home} + {pay} {kinds} DESC
LIMIT {limit}
