//! Questions 16 to 22: data and models.

use super::{Opening, Task};

pub(super) const OPENINGS: &[Opening] = &[
    Opening {
        question: 16,
        asked: "Explain the types of JOIN with a concrete example.",
        minutes: 2,
        answer: "A join pairs the rows of two tables that satisfy a condition. The types differ only in what happens \
            to a row without a partner: INNER drops it, LEFT keeps it if it is in the left table and fills the right \
            side with NULL, RIGHT does the same for the right table, FULL OUTER for both. A row with two partners \
            appears twice, so I check the number of rows before I sum anything.",
        rubric: &[
            "A join pairs rows by a condition; the types differ in the rows without a partner.",
            "INNER, LEFT, RIGHT and FULL OUTER, each with the rows of one small example.",
            "Several partners multiply rows, so that a SUM after it counts twice.",
            "NULL equals nothing, not even NULL.",
            "A condition on the right table in WHERE turns a LEFT JOIN into an INNER one.",
        ],
        task: Task {
            asked: "Tables departments(id, name) and employees(id, name, salary, manager, department). Write, for each department, also one without employees, its id, its name, and how many of its employees earn more than their manager; by id.",
            solution: include_str!("tasks/q16.sql"),
            rubric: &[
                "Each department stays, so it is on the left of LEFT JOINs all the way.",
                "A self-join: the manager is another row of the same table, under another name.",
                "The comparison is in ON; in WHERE it would drop the departments with 0.",
                "`count(m.id)` counts matches, `count(*)` rows; the group is the key, not the name.",
            ],
        },
    },
    Opening {
        question: 17,
        asked: "Find the duplicate rows of a table, and delete all but the most recent.",
        minutes: 2,
        answer: "First I say what a duplicate is: which columns are the key, and whether two NULLs are equal. \
            `GROUP BY key HAVING COUNT(*) > 1` shows which keys repeat; `ROW_NUMBER() OVER (PARTITION BY key ORDER \
            BY ts DESC, id DESC)` numbers each key's rows from the newest, and everything above 1 goes. I delete in \
            a transaction, commit only if as many rows went as I had counted, and then add a UNIQUE constraint.",
        rubric: &[
            "Asks which columns make a duplicate, and what about NULL.",
            "Counts first, by GROUP BY and HAVING.",
            "ROW_NUMBER with a tie-break, so that exactly one row of each key stays.",
            "Deletes in a transaction, and compares the count before the commit.",
            "Keeps them from coming back: UNIQUE, and an upsert.",
        ],
        task: Task {
            asked: "Table events(id, email, event, ts). Write one DELETE after which it holds the newest row of each (email, event): the latest ts, and of equal ones the highest id. NULL equals NULL in the key; ts is never NULL.",
            solution: include_str!("tasks/q17.sql"),
            rubric: &[
                "First the decisions: the key, what NULL equals, and what breaks a tie.",
                "The order of the window is total, so that exactly one row of each key stays.",
                "PARTITION BY puts NULLs together; `=` in a self-join would not.",
                "In a transaction, with the count compared before the commit; a second run deletes nothing.",
            ],
        },
    },
    Opening {
        question: 18,
        asked: "Find the three best customers by revenue of each month.",
        minutes: 2,
        answer: "Three steps: a CTE sums the revenue for each month and customer; a window function ranks within the \
            month, `PARTITION BY month ORDER BY revenue DESC`; and a filter on the rank stands outside, because WHERE \
            can't see window functions. Then I ask about ties: `ROW_NUMBER` with a tie-break gives three rows at \
            most, `RANK` all who share the last place, `DENSE_RANK` all with one of the three highest revenues.",
        rubric: &[
            "Aggregates first, ranks then, filters outside.",
            "PARTITION BY the month, ORDER BY the revenue from the highest.",
            "Asks what is to happen with ties, and knows what each ranking function does.",
            "Says why the filter can't stand in the same query's WHERE.",
            "Asks about months without orders, and customers without enough of them.",
        ],
        task: Task {
            asked: "Tables months(month), a calendar such as '2024-03', and orders(order_date, customer_id, amount). Write, for each month of the calendar, its revenue (0 without orders) and the change against the month before (NULL for the first); by month.",
            solution: include_str!("tasks/q18.sql"),
            rubric: &[
                "A month without orders has to come from the calendar: GROUP BY makes no group from nothing.",
                "The sum of nothing is NULL; revenue is 0 there.",
                "`lag` looks at the row before, so that a missing month would be compared with one further back.",
                "The first change is unknown, which is NULL and not 0; the last ORDER BY fixes the result.",
            ],
        },
    },
    Opening {
        question: 19,
        asked: "How does backpropagation work?",
        minutes: 2,
        answer: "A forward pass computes and keeps every intermediate value. The backward pass goes through the same \
            operations in reverse order and multiplies by each one's derivative (the chain rule), so that one pass \
            gives the derivative of the loss with respect to all parameters, for about twice the cost of the forward \
            pass. Then each weight moves a little against its gradient. I check the code with a numerical \
            derivative, by relative error, for every parameter.",
        rubric: &[
            "The chain rule, from the loss backwards, with the values of the forward pass kept.",
            "One pass gives all derivatives, at about twice the cost of the forward pass.",
            "δ of a layer is Wᵀδ of the next one times the derivative of the activation.",
            "The gradient of the weights is δ times the layer's input, summed over the batch.",
            "A numerical check by relative error.",
        ],
        task: Task {
            asked: "Softmax with cross-entropy in NumPy: for rows of logits and the right class of each row, return the mean loss and its gradient at the logits. Logits of 1,000 must not overflow. Derive the gradient aloud.",
            solution: include_str!("tasks/q19.py"),
            rubric: &[
                "The loss is the logarithm of the sum of the exponentials minus the right logit, with the largest logit taken out.",
                "The gradient at the logits is A − Y: derived, not only known.",
                "The mean divides loss and gradient by the number of rows.",
                "With squared error the slope of softmax would stay, and a confidently wrong row would hardly learn.",
            ],
        },
    },
    Opening {
        question: 20,
        asked: "Explain the attention mechanism.",
        minutes: 2,
        answer: "Attention lets each token look at all others and take a weighted mean of what they contain. Its \
            query is compared with every key by a dot product, softmax turns the scores into weights that sum to 1, \
            and the output is the sum of the values with these weights: softmax(QKᵀ/√d_k) V. Dividing by √d_k keeps \
            the variance of the scores at 1, so softmax does not saturate. It costs O(n²d) time.",
        rubric: &[
            "Query, key and value, and what each is for.",
            "A weighted mean: the weights are positive and sum to 1.",
            "√d_k, since the variance of a dot product of d_k independent terms is d_k.",
            "The mask is −∞ before the softmax.",
            "The cost is quadratic in the length; positions have to be added.",
        ],
        task: Task {
            asked: "Causal self-attention from nothing, in NumPy: queries and keys are n × d_k, values n × d_v. Scores of some thousands must not overflow.",
            solution: include_str!("tasks/q20.py"),
            rubric: &[
                "Scores are divided by the root of the keys' width, since their variance grows with it.",
                "Masked scores are −∞ before the softmax, not 0 after it.",
                "The largest score of each row is subtracted before the exponential.",
                "Each row sums to 1, and the first token sees only itself; the test changes all later tokens.",
            ],
        },
    },
    Opening {
        question: 21,
        asked: "Why does transfer learning work?",
        minutes: 2,
        answer: "Deep networks learn a hierarchy: lower layers general features (in images edges, colours, \
            textures), upper layers what is specific to the task. The general part takes most of the data to learn, \
            and a related task can reuse it: train a new head on frozen features, or fine-tune everything at a lower \
            learning rate. It helps most with few examples and a similar task; with an unrelated source it can do \
            harm, so I compare with training from scratch.",
        rubric: &[
            "General features below, specific ones above; the general part is reused.",
            "Frozen features for few examples, fine-tuning for more, each with its learning rate.",
            "Similarity of the tasks and amount of data decide.",
            "Negative transfer exists, so the baseline is training from scratch.",
            "Frozen has to be frozen: normalisation statistics, too.",
        ],
        task: Task {
            asked: "LoRA in NumPy: a frozen layer with the weights w (d × k) and a low-rank update with b (d × r) and a (r × k). Return x (W + (α / r) B A) for inputs x (n × d), and how many numbers are trained.",
            solution: include_str!("tasks/q21.py"),
            rubric: &[
                "The frozen W stays in the sum, and the update is added to it.",
                "x B comes first: n r (d + k) products and not d k r.",
                "α / r, so that another rank hardly needs another learning rate.",
                "Trained are r (d + k) numbers; B starts at 0, so that training begins at the pretrained network.",
                "For serving, B A is added into W once, and costs nothing.",
            ],
        },
    },
    Opening {
        question: 22,
        asked: "Word, subword or character tokens? How does byte-pair encoding work?",
        minutes: 2,
        answer: "Word tokens keep sequences short, but the vocabulary never stops growing; characters do the \
            opposite; subwords are the compromise. Byte-pair encoding starts with characters or bytes and merges the \
            most frequent neighbours, again and again; the ordered list of merges is the model. On bytes nothing is \
            unknown, and decoding gives the text back. WordPiece scores its merges differently, and encodes by \
            longest match.",
        rubric: &[
            "Length of the sequence against size of the vocabulary.",
            "Training: count neighbours, merge the most frequent pair everywhere, repeat.",
            "Encoding applies the merges in the order in which they were learned.",
            "Bytes: nothing is unknown, and the round trip is exact.",
            "Ties need a rule, and merges don't cross words.",
        ],
        task: Task {
            asked: "The trainer of byte-pair encoding in Python, from nothing: words apart at blanks, each as its characters and </w>; merge the most frequent pair, of equals the first that was met, at most so many times.",
            solution: include_str!("tasks/q22.py"),
            rubric: &[
                "Pairs count as often as their word occurs.",
                "A merge replaces symbols, not parts of a string.",
                "A tie has a rule, and it is written down: Python's `most_common` gives the first of equals, Rust's `max_by_key` the last, hence the `rev`.",
                "The loop ends when no pair is left: each word is one symbol.",
                "All pairs are counted again for each merge; with counts kept up to date it is O(n log n).",
            ],
        },
    },
];
