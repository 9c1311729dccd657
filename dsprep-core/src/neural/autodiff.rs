//! Reverse-mode automatic differentiation of scalars (question 19).
//!
//! Every operation makes a new [`Value`], which keeps the values it came from and the derivative with
//! respect to each of them. [`Value::backward`] visits the graph in reverse topological order and
//! applies the chain rule at each edge. After Karpathy's micrograd (2020); the method is Linnainmaa's
//! (1970).
//!
//! One number at a time is slow. [`Mlp`](super::Mlp) does the same on matrices, by hand, and the tests
//! compare the two.

mod operators;

use crate::Result;
use crate::checks::check;
use crate::sigmoid::sigmoid;
use std::cell::{Cell, RefCell};
use std::collections::HashSet;
use std::fmt;
use std::rc::Rc;

/// A number that remembers how it was computed.
///
/// Cloning is cheap and gives the same node, not a copy. `+`, `-`, `*`, `/` work on values and
/// references, and with an `f64` on either side. They are those of `f64`: 1 / 0 is infinite.
///
/// # Examples
/// ```
/// use dsprep_core::neural::Value;
///
/// let (a, b) = (Value::new(2.0), Value::new(-3.0));
/// let c = &a * &b + a.powi(2);                    // ab + a²
/// c.backward();
/// assert_eq!(c.data(), -2.0);
/// assert_eq!(a.gradient(), 1.0);                  // b + 2a
/// assert_eq!(b.gradient(), 2.0);                  // a
/// ```
#[derive(Clone)]
pub struct Value(Rc<Node>);

struct Node {
    data: Cell<f64>,
    gradient: Cell<f64>,
    operation: &'static str,
    edges: RefCell<Vec<Edge>>,
}

/// Where a value came from, and its derivative with respect to that.
struct Edge {
    parent: Value,
    derivative: f64,
}

impl Value {
    /// A leaf of the graph: an input or a parameter.
    pub fn new(data: f64) -> Self {
        Value::from_operation(data, "", Vec::new())
    }

    /// The number.
    pub fn data(&self) -> f64 {
        self.0.data.get()
    }

    /// ∂(the value on which [`backward`](Self::backward) was called) / ∂(this value); 0 before that.
    pub fn gradient(&self) -> f64 {
        self.0.gradient.get()
    }

    /// The operation that made it, for example `*`; empty for a leaf.
    pub fn operation(&self) -> &'static str {
        self.0.operation
    }

    /// The values it was computed from, in the order of the operands; none for a leaf.
    pub fn parents(&self) -> Vec<Value> {
        let edges = self.0.edges.borrow();
        edges.iter().map(|edge| edge.parent.clone()).collect()
    }

    /// Replaces the number, as a descent step does with a parameter.
    ///
    /// What was computed from the old number stays as it is: compute it again.
    pub fn set(&self, data: f64) {
        self.0.data.set(data);
    }

    /// The value to the power `exponent`, which is a constant.
    pub fn powi(&self, exponent: i32) -> Value {
        let x = self.data();
        let derivative = match exponent {
            0 => 0.0,
            _ => f64::from(exponent) * x.powi(exponent.saturating_sub(1)),
        };
        self.unary("pow", x.powi(exponent), derivative)
    }

    /// eˣ.
    pub fn exp(&self) -> Value {
        let e = self.data().exp();
        self.unary("exp", e, e)
    }

    /// The natural logarithm.
    ///
    /// # Errors
    /// [`Error::OutOfRange`](crate::Error::OutOfRange) if the number is not above 0, where there is no logarithm.
    ///
    /// # Examples
    /// ```
    /// use dsprep_core::neural::Value;
    /// let x = Value::new(2.0);
    /// x.ln()?.backward();
    /// assert_eq!(x.gradient(), 0.5);
    /// assert!((x - 3.0).ln().is_err());
    /// # Ok::<(), dsprep_core::Error>(())
    /// ```
    pub fn ln(&self) -> Result<Value> {
        let x = self.data();
        check("the number under the logarithm", x, x > 0.0, "above 0")?;
        Ok(self.unary("ln", x.ln(), 1.0 / x))
    }

    /// The hyperbolic tangent.
    pub fn tanh(&self) -> Value {
        let t = self.data().tanh();
        self.unary("tanh", t, 1.0 - t * t)
    }

    /// max(0, x); the derivative at 0 is taken as 0.
    pub fn relu(&self) -> Value {
        let x = self.data();
        let (value, derivative) = match x {
            _ if x > 0.0 => (x, 1.0),
            _ if x.is_nan() => (x, x),
            _ => (0.0, 0.0),
        };
        self.unary("relu", value, derivative)
    }

    /// 1 / (1 + e⁻ˣ).
    ///
    /// # Examples
    /// ```
    /// use dsprep_core::neural::Value;
    /// let x = Value::new(0.0);
    /// let s = x.sigmoid();
    /// s.backward();
    /// assert_eq!((s.data(), x.gradient()), (0.5, 0.25));
    /// ```
    pub fn sigmoid(&self) -> Value {
        let s = sigmoid(self.data());
        self.unary("sigmoid", s, s * (1.0 - s))
    }

    /// Fills in the gradient of every value that led to this one.
    ///
    /// Gradients start from 0 at each call, so that a second call gives the same result. Costs O(nodes
    /// + edges) time and memory, about as much as the computation itself.
    pub fn backward(&self) {
        let order = self.topological_order();
        for value in &order {
            value.0.gradient.set(0.0);
        }
        self.0.gradient.set(1.0);
        for value in order.iter().rev() {
            for edge in value.0.edges.borrow().iter() {
                let gradient = &edge.parent.0.gradient;
                gradient.set(gradient.get() + edge.derivative * value.gradient());
            }
        }
    }

    /// Every value that led to this one, and itself last, each after its parents.
    ///
    /// Depth first, with a stack of our own: a sum of a million terms is a million nodes deep.
    pub fn topological_order(&self) -> Vec<Value> {
        let mut order = Vec::new();
        let mut seen = HashSet::new();
        let mut stack = vec![(self.clone(), false)];
        while let Some((value, parents_are_done)) = stack.pop() {
            if parents_are_done {
                order.push(value);
            } else if seen.insert(Rc::as_ptr(&value.0)) {
                stack.push((value.clone(), true));
                stack.extend(value.parents().into_iter().map(|parent| (parent, false)));
            }
        }
        order
    }

    fn unary(&self, operation: &'static str, data: f64, derivative: f64) -> Value {
        let parent = self.clone();
        Value::from_operation(data, operation, vec![Edge { parent, derivative }])
    }

    fn binary(operation: &'static str, data: f64, a: (&Value, f64), b: (&Value, f64)) -> Value {
        let edge = |(parent, derivative): (&Value, f64)| Edge {
            parent: parent.clone(),
            derivative,
        };
        Value::from_operation(data, operation, vec![edge(a), edge(b)])
    }

    fn from_operation(data: f64, operation: &'static str, edges: Vec<Edge>) -> Value {
        Value(Rc::new(Node {
            data: Cell::new(data),
            gradient: Cell::new(0.0),
            operation,
            edges: RefCell::new(edges),
        }))
    }
}

impl Drop for Node {
    /// Takes a deep graph apart in a loop, where the default would recurse and overflow the stack.
    fn drop(&mut self) {
        let mut edges = self.edges.take();
        while let Some(edge) = edges.pop() {
            if let Some(node) = Rc::into_inner(edge.parent.0) {
                edges.append(&mut node.edges.take());
            }
        }
    }
}

impl fmt::Debug for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Value")
            .field("data", &self.data())
            .field("gradient", &self.gradient())
            .field("operation", &self.operation())
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The derivative of `f` at `x` by the tape and by a central difference.
    fn both(f: impl Fn(&Value) -> Value, x: f64) -> (f64, f64) {
        let at = Value::new(x);
        f(&at).backward();
        let step = 1e-5;
        let high = f(&Value::new(x + step)).data();
        let low = f(&Value::new(x - step)).data();
        (at.gradient(), (high - low) / (2.0 * step))
    }

    #[test]
    fn each_operation_has_the_derivative_that_a_difference_quotient_finds() {
        let operations: [fn(&Value) -> Value; 14] = [
            |x| x + 3.0,
            |x| x - 3.0,
            |x| 3.0 - x,
            |x| x * x,
            |x| x / 3.0,
            |x| 3.0 / x,
            |x| x.powi(3),
            |x| x.powi(-2),
            |x| x.exp(),
            |x| x.ln().unwrap(),
            |x| x.tanh(),
            |x| x.relu(),
            |x| x.sigmoid(),
            |x| -x,
        ];
        for (number, operation) in operations.into_iter().enumerate() {
            let (tape, difference) = both(operation, 0.7);
            assert!(
                (tape - difference).abs() < 1e-8,
                "operation {number}: {tape} {difference}"
            );
        }
        assert_eq!(both(|x| x.relu(), -0.7), (0.0, 0.0));
        assert_eq!(both(|x| x.powi(0), 0.0), (0.0, 0.0));
    }

    #[test]
    fn there_is_no_logarithm_of_what_is_not_above_0() {
        for x in [0.0, -0.0, -1.0, f64::NAN, f64::NEG_INFINITY] {
            let error = Value::new(x).ln().unwrap_err().to_string();
            assert!(error.contains("must be above 0"), "{error}");
        }
    }

    #[test]
    fn a_value_that_is_used_twice_gets_both_gradients() {
        let x = Value::new(3.0);
        let y = &x + &x;
        y.backward();
        assert_eq!(x.gradient(), 2.0);
    }

    /// The example of micrograd's README, whose results were compared with PyTorch's there.
    #[test]
    fn the_example_of_micrograd_is_reproduced() {
        let (a, b) = (Value::new(-4.0), Value::new(2.0));
        let mut c = &a + &b;
        let mut d = &a * &b + b.powi(3);
        c = &c + (&c + 1.0);
        c = &c + (1.0 + &c + (-&a));
        d = &d + (&d * 2.0 + (&b + &a).relu());
        d = &d + (&d * 3.0 + (&b - &a).relu());
        let e = &c - &d;
        let f = e.powi(2);
        let g = &f / 2.0 + 10.0 / &f;
        g.backward();
        assert!((g.data() - 24.70408163265306).abs() < 1e-12);
        assert!((a.gradient() - 138.83381924198252).abs() < 1e-12);
        assert!((b.gradient() - 645.5772594752186).abs() < 1e-12);
    }

    #[test]
    fn a_second_backward_pass_gives_the_same_gradients() {
        let x = Value::new(2.0);
        let y = x.powi(2).exp();
        y.backward();
        let first = x.gradient();
        y.backward();
        assert_eq!(x.gradient(), first);
    }

    #[test]
    fn every_value_comes_after_its_parents() {
        let (a, b) = (Value::new(1.0), Value::new(2.0));
        let y = (&a * &b + &a).tanh() * &b;
        let order = y.topological_order();
        let place = |value: &Value| {
            order
                .iter()
                .position(|other| Rc::ptr_eq(&other.0, &value.0))
        };
        for value in &order {
            for parent in value.parents() {
                assert!(place(&parent) < place(value));
            }
        }
        assert_eq!(order.len(), 6);
    }

    #[test]
    fn a_very_deep_graph_does_not_overflow_the_stack() {
        let x = Value::new(1.0);
        let mut sum = Value::new(0.0);
        for _ in 0..300_000 {
            sum = sum + &x;
        }
        sum.backward();
        assert_eq!(x.gradient(), 300_000.0);
    }
}
