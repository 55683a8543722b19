-- PostgreSQL: the open posts, laid by place and skill; the index answers the question without the table where that is cheaper.
CREATE INDEX post_rules ON post (place, skill, max_age, min_education);
CLUSTER post USING post_rules;
VACUUM (ANALYZE, FREEZE) post;
