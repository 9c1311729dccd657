use super::*;
use crate::neural::{Optimizer, Value};
use ndarray::array;

/// The original's network, drawn as its cell draws it after question 18.
fn original() -> Result<Mlp> {
    let mut rng = RandomState::seed(0);
    rng.choice(60, 120)?;
    rng.randint(1, 8, 120)?;
    rng.uniform(10.0, 500.0, 120)?;
    let sigmoid = Activation::Sigmoid;
    let initial = InitialWeights::Normal(0.1);
    Mlp::new(
        &[2, 4, 1],
        sigmoid,
        sigmoid,
        Loss::MeanSquaredError,
        initial,
        &mut rng,
    )
}

fn assert_close(found: &ArrayRef2<f64>, expected: &ArrayRef2<f64>) {
    assert_eq!(found.dim(), expected.dim());
    let largest = (found - expected).fold(0.0, |largest: f64, d| largest.max(d.abs()));
    assert!(largest < 1e-12, "{found} {expected}");
}

/// The numbers of the original's cell, in float64.
#[test]
fn the_loss_and_the_gradients_of_the_original_are_reproduced() -> Result<()> {
    let network = original()?;
    let (x, y) = (array![[0.5, -0.3]], array![[0.7]]);
    let forward = network.forward(&x)?;
    let gradients = network.gradients(&x, &y)?;

    assert_close(&forward.a[2], &array![[0.49869080089421164]]);
    assert!((gradients.loss - 0.040525393644613925).abs() < 1e-12);
    assert_close(&gradients.layers[1].z, &array![[-0.10065390946403416]]);
    assert_close(
        &gradients.layers[1].weights,
        &array![
            [-0.053585261620663],
            [-0.04794392635867265],
            [-0.049613095598797965],
            [-0.04977202027544025],
        ],
    );
    assert_close(
        &gradients.layers[0].z,
        &array![[
            -0.00026044262400823993,
            0.0020828091943593382,
            -0.0012397045029730166,
            -0.00022672754747789434,
        ]],
    );
    assert_close(
        &gradients.layers[0].weights,
        &array![
            [
                -0.00013022131200411997,
                0.0010414045971796691,
                -0.0006198522514865083,
                -0.00011336377373894717,
            ],
            [
                7.813278720247198e-05,
                -0.0006248427583078014,
                0.000371911350891905,
                6.80182642433683e-05,
            ],
        ],
    );
    Ok(())
}

#[test]
fn the_update_that_the_original_leaves_out_lowers_the_loss() -> Result<()> {
    let mut network = original()?;
    let (x, y) = (array![[0.5, -0.3]], array![[0.7]]);
    let before = network.gradients(&x, &y)?;
    let old = network.layers()[1].weights[[0, 0]];
    Optimizer::sgd(0.5)?.step(&mut network, &before)?;
    let moved = network.layers()[1].weights[[0, 0]];
    assert_eq!(moved, old - 0.5 * before.layers[1].weights[[0, 0]]);
    assert!(network.loss(&x, &y)? < before.loss);
    Ok(())
}

/// The same network out of scalar values, and its loss.
fn on_the_tape(network: &Mlp, x: &Array2<f64>, y: &Array2<f64>) -> (Value, Vec<Vec<Value>>) {
    let leaves = |layer: &Layer| -> Vec<Value> {
        let numbers = layer.weights.iter().chain(&layer.bias);
        numbers.map(|&number| Value::new(number)).collect()
    };
    let parameters: Vec<Vec<Value>> = network.layers().iter().map(leaves).collect();
    let mut loss = Value::new(0.0);
    for (x, y) in x.rows().into_iter().zip(y.rows()) {
        let mut a: Vec<Value> = x.iter().map(|&x| Value::new(x)).collect();
        for (layer, values) in network.layers().iter().zip(&parameters) {
            let (inputs, units) = layer.weights.dim();
            let sum = |unit: usize| {
                let products = (0..inputs).map(|i| &values[i * units + unit] * &a[i]);
                products.fold(values[inputs * units + unit].clone(), |sum: Value, p| {
                    sum + p
                })
            };
            let z: Vec<Value> = (0..units).map(sum).collect();
            a = match layer.activation {
                Activation::Identity => z,
                Activation::Sigmoid => z.iter().map(Value::sigmoid).collect(),
                Activation::Tanh => z.iter().map(Value::tanh).collect(),
                Activation::Relu => z.iter().map(Value::relu).collect(),
                Activation::Softmax => {
                    let e: Vec<Value> = z.iter().map(Value::exp).collect();
                    let total = e.iter().fold(Value::new(0.0), |sum, e| sum + e);
                    e.iter().map(|e| e / &total).collect()
                }
            };
        }
        for (a, &y) in a.iter().zip(y) {
            let term = match network.loss {
                Loss::MeanSquaredError => (a - y).powi(2) / a_count(network),
                Loss::CrossEntropy => a.ln().unwrap() * -y,
            };
            loss = loss + term;
        }
    }
    (loss / x.nrows() as f64, parameters)
}

fn a_count(network: &Mlp) -> f64 {
    network.layers()[network.layers().len() - 1].bias.len() as f64
}

#[test]
fn the_tape_and_the_matrices_give_the_same_gradients() -> Result<()> {
    let mut rng = RandomState::seed(2);
    let x = rng.randn((5, 3))?;
    let y = array![[1.0, 0.0], [0.0, 1.0], [1.0, 0.0], [0.0, 1.0], [0.0, 1.0]];
    let cases = [
        (
            Activation::Tanh,
            Activation::Identity,
            Loss::MeanSquaredError,
        ),
        (
            Activation::Relu,
            Activation::Sigmoid,
            Loss::MeanSquaredError,
        ),
        (
            Activation::Sigmoid,
            Activation::Softmax,
            Loss::MeanSquaredError,
        ),
        (
            Activation::Identity,
            Activation::Softmax,
            Loss::CrossEntropy,
        ),
        (Activation::Tanh, Activation::Softmax, Loss::CrossEntropy),
    ];
    for (hidden, output, loss) in cases {
        let sizes = [3, 4, 3, 2];
        let network = Mlp::new(
            &sizes,
            hidden,
            output,
            loss,
            InitialWeights::Glorot,
            &mut rng,
        )?;
        let gradients = network.gradients(&x, &y)?;
        let (tape_loss, tape) = on_the_tape(&network, &x, &y);
        tape_loss.backward();
        assert!((tape_loss.data() - gradients.loss).abs() < 1e-13);
        for (values, gradient) in tape.iter().zip(&gradients.layers) {
            let by_hand = gradient.weights.iter().chain(&gradient.bias);
            for (value, by_hand) in values.iter().zip(by_hand) {
                assert!((value.gradient() - by_hand).abs() < 1e-13);
            }
        }
    }
    Ok(())
}

#[test]
fn forward_and_predict_agree() -> Result<()> {
    let network = original()?;
    let x = RandomState::seed(5).randn((6, 2))?;
    assert_eq!(network.predict(&x)?, network.forward(&x)?.a[2]);
    assert_eq!(network.parameters(), 2 * 4 + 4 + 4 + 1);
    Ok(())
}

#[test]
fn what_does_not_fit_is_named() -> Result<()> {
    let network = original()?;
    let (x, y) = (array![[0.5, -0.3]], array![[0.7]]);
    let message = |error: Error| error.to_string();
    assert_eq!(
        message(network.predict(&array![[1.0]]).unwrap_err()),
        "`x` has 1 column, but it must have 2 columns, one for each input."
    );
    assert_eq!(
        message(network.loss(&x, &array![[0.7, 0.1]]).unwrap_err()),
        "`target` has the shape 1×2, but it must have 1×1, rows of `x` by outputs."
    );
    assert!(message(network.predict(&array![[f64::NAN, 0.0]]).unwrap_err()).contains("row 0"));
    let layer = |inputs, units, activation| {
        Layer::new(
            Array2::zeros((inputs, units)),
            Array1::zeros(units),
            activation,
        )
    };
    let build = |layers, loss| Mlp::from_layers(layers, loss).unwrap_err().to_string();
    let linear = |inputs, units| layer(inputs, units, Activation::Identity);
    assert_eq!(
        build(vec![linear(2, 2)], Loss::CrossEntropy),
        "the activation of the output is identity, but it must be softmax, which cross-entropy needs."
    );
    assert!(build(vec![linear(2, 3), linear(4, 1)], Loss::MeanSquaredError).contains("4 rows"));
    let softmax = layer(2, 2, Activation::Softmax);
    let hidden = build(vec![softmax, linear(2, 1)], Loss::MeanSquaredError);
    assert!(hidden.contains("softmax is for the output"));
    assert!(build(Vec::new(), Loss::MeanSquaredError).contains("at least one layer"));

    let mut other = Mlp::from_layers(vec![linear(2, 1)], Loss::MeanSquaredError)?;
    let gradients = network.gradients(&x, &y)?;
    let wrong = Optimizer::sgd(0.1)?.step(&mut other, &gradients);
    assert!(message(wrong.unwrap_err()).contains("`gradients` has 2 layers"));
    Ok(())
}
