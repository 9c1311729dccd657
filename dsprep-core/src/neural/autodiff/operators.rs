//! `+`, `-`, `*` and `/`: the number, and the derivatives by both operands.

use super::Value;
use std::ops::{Add, Div, Mul, Neg, Sub};

impl Add for &Value {
    type Output = Value;

    fn add(self, other: &Value) -> Value {
        Value::binary("+", self.data() + other.data(), (self, 1.0), (other, 1.0))
    }
}

impl Sub for &Value {
    type Output = Value;

    fn sub(self, other: &Value) -> Value {
        Value::binary("-", self.data() - other.data(), (self, 1.0), (other, -1.0))
    }
}

impl Mul for &Value {
    type Output = Value;

    fn mul(self, other: &Value) -> Value {
        let (a, b) = (self.data(), other.data());
        Value::binary("*", a * b, (self, b), (other, a))
    }
}

impl Div for &Value {
    type Output = Value;

    fn div(self, other: &Value) -> Value {
        let (a, b) = (self.data(), other.data());
        Value::binary("/", a / b, (self, 1.0 / b), (other, -a / (b * b)))
    }
}

impl Neg for &Value {
    type Output = Value;

    fn neg(self) -> Value {
        self.unary("neg", -self.data(), -1.0)
    }
}

impl Neg for Value {
    type Output = Value;

    fn neg(self) -> Value {
        -&self
    }
}

/// The same operator for owned values, mixed ones and numbers on either side.
macro_rules! forward_operator {
    ($($operator:ident :: $method:ident),*) => {$(
        impl $operator<Value> for Value {
            type Output = Value;

            fn $method(self, other: Value) -> Value {
                (&self).$method(&other)
            }
        }

        impl $operator<&Value> for Value {
            type Output = Value;

            fn $method(self, other: &Value) -> Value {
                (&self).$method(other)
            }
        }

        impl $operator<Value> for &Value {
            type Output = Value;

            fn $method(self, other: Value) -> Value {
                self.$method(&other)
            }
        }

        impl $operator<f64> for Value {
            type Output = Value;

            fn $method(self, other: f64) -> Value {
                (&self).$method(&Value::new(other))
            }
        }

        impl $operator<f64> for &Value {
            type Output = Value;

            fn $method(self, other: f64) -> Value {
                self.$method(&Value::new(other))
            }
        }

        impl $operator<Value> for f64 {
            type Output = Value;

            fn $method(self, other: Value) -> Value {
                Value::new(self).$method(&other)
            }
        }

        impl $operator<&Value> for f64 {
            type Output = Value;

            fn $method(self, other: &Value) -> Value {
                Value::new(self).$method(other)
            }
        }
    )*};
}

forward_operator!(Add::add, Sub::sub, Mul::mul, Div::div);
