SELECT d.id, d.name, count(m.id) AS earn_more
FROM departments d
LEFT JOIN employees e ON e.department = d.id
LEFT JOIN employees m ON m.id = e.manager AND e.salary > m.salary
GROUP BY d.id, d.name
ORDER BY d.id;
