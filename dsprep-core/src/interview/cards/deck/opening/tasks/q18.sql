WITH monthly AS (
    SELECT m.month, coalesce(sum(o.amount), 0) AS revenue
    FROM months m LEFT JOIN orders o ON substr(o.order_date, 1, 7) = m.month
    GROUP BY m.month)
SELECT month, revenue, revenue - lag(revenue) OVER (ORDER BY month) AS change
FROM monthly ORDER BY month;
