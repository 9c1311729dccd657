//! What it costs that loops and functions of a cell look whether they are interrupted.
//!
//! Each loop stands twice in one cell: in a function, which looks, and in one with the C calling convention, which
//! does not. The two take turns, so that both meet the same noise; the least time of each counts.

use super::client::Kernel;

/// The loops: a name, and a body that makes an `f64` of `n`.
const LOOPS: &[(&str, &str)] = &[
    (
        "sum of a range of integers",
        "let mut sum = 0_u64; for i in 0..n { sum = sum.wrapping_mul(31).wrapping_add(i); } sum as f64",
    ),
    (
        "logistic map",
        "let mut x = 0.3_f64; for _ in 0..n { x = 3.9 * x * (1.0 - x); } x",
    ),
    (
        "Collatz lengths",
        "let mut longest = 0; for start in 1..n / 100 { let (mut i, mut steps) = (start, 0_u64); \
         while i != 1 { i = if i % 2 == 0 { i / 2 } else { 3 * i + 1 }; steps += 1; } longest = longest.max(steps); } \
         longest as f64",
    ),
    (
        "product of matrices by index",
        "let m = 120; let a = vec![1.5_f64; m * m]; let b = a.clone(); let mut c = vec![0.0; m * m]; \
         for i in 0..m { for j in 0..m { let mut sum = 0.0; for k in 0..m { sum += a[i * m + k] * b[k * m + j]; } \
         c[i * m + j] = sum; } } c[n as usize % c.len()]",
    ),
    (
        "prefix sums by index",
        "let mut a = vec![0.5_f64; 1 << 16]; for _ in 0..n >> 16 { for i in 1..a.len() { a[i] += 0.5 * a[i - 1]; } } \
         a[a.len() - 1]",
    ),
    (
        "calls of a small function",
        "fn step(x: u64) -> u64 { x ^ (x << 13) ^ (x >> 7) } let mut x = n | 1; for _ in 0..n { x = step(x); } x as f64",
    ),
    (
        "sum by `while`",
        "let a = vec![0.5_f64; 1 << 14]; let mut sum = 0.0; for _ in 0..n >> 14 { let mut i = 0; \
         while i < a.len() { sum += a[i]; i += 1; } } sum",
    ),
    (
        "squares by `while`",
        "let mut a = vec![0.5_f32; 1 << 14]; for _ in 0..n >> 14 { let mut i = 0; \
         while i < a.len() { a[i] = a[i] * a[i] + 0.1; i += 1; } std::hint::black_box(&a); } a[7] as f64",
    ),
    (
        "two pointers by `while`",
        "let a: Vec<u64> = (0..1 << 14).collect(); let mut pairs = 0_u64; for turn in 0..n >> 14 { \
         let (mut low, mut high) = (0, a.len() - 1); while low < high { let sum = a[low] + a[high]; \
         if sum < 9_000 + turn { low += 1; } else { pairs += sum & 1; high -= 1; } } } pairs as f64",
    ),
    (
        "harmonic series, range with its end",
        "let mut sum = 0.0; for i in 1..=n { sum += 1.0 / i as f64; } sum",
    ),
    (
        "Newton's root by `loop`",
        "let mut sum = 0.0; for i in 1..n >> 4 { let target = i as f64; let mut x = target; \
         loop { let next = 0.5 * (x + target / x); if (next - x).abs() < 1e-9 * x { break; } x = next; } sum += x; } sum",
    ),
    (
        "scaled vector by index",
        "let x = vec![0.5_f64; 1 << 14]; let mut y = vec![0.0_f64; 1 << 14]; for turn in 0..n >> 14 { \
         for i in 0..x.len() { y[i] += 2.0 * x[i]; } std::hint::black_box(turn); } y[7]",
    ),
];

/// Measures the loops, and prints a line for each.
pub fn print(kernel: &mut Kernel) {
    println!("\nlooking whether the cell is interrupted (least of 15 rounds, milliseconds)");
    println!("{:<32} {:>9} {:>9} {:>7}", "", "without", "with", "cost");
    for (name, body) in LOOPS {
        kernel.run(&cell(body));
        let file = kernel.temp().join("looks");
        let text = std::fs::read_to_string(&file).unwrap_or_default();
        let times: Vec<f64> = text.split(' ').filter_map(|it| it.parse().ok()).collect();
        let _ = std::fs::remove_file(&file);
        match times[..] {
            [without, with] => {
                let cost = 100.0 * (with / without - 1.0);
                println!("{name:<32} {without:>9.2} {with:>9.2} {cost:>6.1} %");
            }
            _ => println!("{name:<32} was not measured"),
        }
    }
}

fn cell(body: &str) -> String {
    format!(
        "extern \"C\" fn without(n: u64) -> f64 {{ {body} }}\n\
         fn with(n: u64) -> f64 {{ {body} }}\n\
         let mut least = [f64::MAX; 2];\n\
         for round in 0..30 {{\n\
             let n = std::hint::black_box(4_000_000_u64);\n\
             let start = std::time::Instant::now();\n\
             std::hint::black_box(if round % 2 == 0 {{ without(n) }} else {{ with(n) }});\n\
             let took = 1e3 * start.elapsed().as_secs_f64();\n\
             least[round % 2] = least[round % 2].min(took);\n\
         }}\n\
         std::fs::write(\"looks\", format!(\"{{}} {{}}\", least[0], least[1]))?;"
    )
}
