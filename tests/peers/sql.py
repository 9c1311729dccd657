"""Prints what DuckDB finds for dsprep-core/tests/duckdb.rs, in statements of its own: QUALIFY, RANGE frames, ASOF joins.
pip install duckdb==2.0.1 numpy"""
import duckdb
import numpy as np

r = np.random.RandomState(16)
con = duckdb.connect()


def table(name, columns, *arrays):
    con.execute(f"CREATE TABLE {name} ({columns})")
    con.executemany(f"INSERT INTO {name} VALUES ({', '.join('?' * len(arrays))})", [[v for v in row] for row in zip(*arrays)])


def show(name, sql, columns=1):
    rows = [row if columns > 1 else row[0] for row in con.execute(sql).fetchall()]
    print(name, str(rows).replace("'", '"').replace("None", "NULL"))


# Sessions: DuckDB finds their beginnings by an anti join over the time before, not by LAG.
users, at = r.randint(0, 4, 40), r.permutation(1000)[:40]
table("clicks", "user_id INTEGER, sec INTEGER", users.tolist(), at.tolist())
show("SESSIONS", """
    WITH begun AS (
        SELECT user_id, sec FROM clicks c WHERE NOT EXISTS (
            SELECT 1 FROM clicks e WHERE e.user_id = c.user_id AND e.sec < c.sec AND e.sec >= c.sec - 60)),
    of AS (
        SELECT c.user_id, c.sec, (SELECT count(*) FROM begun b WHERE b.user_id = c.user_id AND b.sec <= c.sec) AS session FROM clicks c)
    SELECT user_id, session, min(sec), max(sec), count(*) FROM of GROUP BY ALL ORDER BY 1, 2""", 5)

# Islands: by the days before which none lies.
users, days = r.randint(1, 4, 45), r.randint(0, 30, 45)
dates = [str(np.datetime64("2024-02-15") + int(day)) for day in days]
table("logins", "user_id INTEGER, day DATE", users.tolist(), dates)
show("ISLANDS", """
    WITH days AS (SELECT DISTINCT user_id, day FROM logins),
    begun AS (SELECT user_id, day FROM days d ANTI JOIN (SELECT user_id, day + INTERVAL 1 DAY AS day FROM days) e USING (user_id, day)),
    of AS (SELECT d.user_id, d.day, max(b.day) AS first FROM days d JOIN begun b ON b.user_id = d.user_id AND b.day <= d.day GROUP BY ALL)
    SELECT user_id, strftime(first, '%m-%d'), strftime(max(day), '%m-%d'), count(*) FROM of GROUP BY user_id, first ORDER BY 1, 2""", 4)

# Orders: totals by self-joins, places by QUALIFY.
month, day, customer, amount = r.randint(1, 4, 40), r.randint(1, 29, 40), r.randint(1, 6, 40), r.randint(1, 3, 40)
dates = [f"2024-{m:02}-{d:02}" for m, d in zip(month, day)]
table("orders", "id INTEGER, order_date VARCHAR, customer_id INTEGER, amount INTEGER", range(40), dates, customer.tolist(), amount.tolist())
show("TOTALS", """
    SELECT sum(e.amount)::INTEGER FROM orders o JOIN orders e
    ON e.customer_id = o.customer_id AND (e.order_date, e.id) <= (o.order_date, o.id)
    GROUP BY o.customer_id, o.order_date, o.id ORDER BY o.customer_id, o.order_date, o.id""")
show("MEANS OF 3, times 6", """
    SELECT round(6 * list_avg(list_slice(list_sort(list({'d': e.order_date, 'i': e.id, 'a': e.amount})).list_transform(lambda x: x.a), -3, -1)))::INTEGER
    FROM orders o JOIN orders e ON e.customer_id = o.customer_id AND (e.order_date, e.id) <= (o.order_date, o.id)
    GROUP BY o.customer_id, o.order_date, o.id ORDER BY o.customer_id, o.order_date, o.id""")
for ranking, ties in ("row_number", ", customer_id"), ("rank", ""), ("dense_rank", ""):
    show(f"TOP 2 by {ranking}", f"""
        SELECT substr(order_date, 6, 2)::INTEGER AS month, customer_id, sum(amount)::INTEGER AS revenue,
               {ranking}() OVER (PARTITION BY month ORDER BY sum(amount) DESC{ties}) AS place
        FROM orders GROUP BY month, customer_id QUALIFY place <= 2 ORDER BY month, place, customer_id""", 4)

# As-of joins: who knew what, and when.
keys, times = r.randint(0, 4, 25), r.randint(0, 100, 25)
other_keys, known = r.randint(0, 5, 30), r.permutation(100)[:30]
table("asked", "row INTEGER, k INTEGER, t INTEGER", range(25), keys.tolist(), times.tolist())
table("known", "row INTEGER, k INTEGER, t INTEGER", range(30), other_keys.tolist(), known.tolist())
show("AS OF", "SELECT b.row FROM asked a ASOF LEFT JOIN known b ON a.k = b.k AND a.t >= b.t ORDER BY a.row")

# Duplicates: of each key all rows but the newest; NULL equals NULL, and is older than any time.
null = lambda values: [int(v) if v else None for v in values]
mail, event, time = (r.randint(0, 3, 30) for _ in range(3))
table("log", "id INTEGER, email INTEGER, event INTEGER, ts INTEGER", range(1, 31), null(mail), null(event), null(time))
show("SURPLUS", """
    SELECT id FROM log QUALIFY row_number() OVER (PARTITION BY email, event ORDER BY ts DESC NULLS LAST, id DESC) > 1 ORDER BY id""")

# Joins: pairs of equal keys, of which NULL is none; and the names and orders of the sample.
left, right = (null(r.randint(0, 5, 12)) for _ in range(2))
table("l", "row INTEGER, k INTEGER", range(12), left)
table("r", "row INTEGER, k INTEGER", range(12), right)
show("HASH JOIN", "SELECT l.row, r.row FROM l JOIN r ON l.k = r.k ORDER BY 1, 2", 2)
con.execute("""
    CREATE TABLE c AS SELECT * FROM (VALUES (1, 'Alice'), (2, 'Bob'), (3, 'Carol'), (4, 'Dave'), (5, 'Eve')) AS t(id, name);
    CREATE TABLE o AS SELECT * FROM (VALUES (101, 1), (102, 2), (103, 2), (104, 3), (105, 3), (106, 99)) AS t(order_id, customer_id)""")
for join in "INNER", "LEFT", "RIGHT", "FULL":
    show(join, f"SELECT name, order_id FROM c {join} JOIN o ON id = customer_id ORDER BY name NULLS LAST, order_id", 2)
for join in "SEMI", "ANTI":
    show(join, f"SELECT name FROM c {join} JOIN o ON id = customer_id ORDER BY name")
