//! Neural networks and attention.

use crate::inputs::{COUNTS, NUMBERS, cycled, matrices, targets, vectors};
use crate::sweep::{Sweep, plain, shown};
use dsprep_core::prelude::*;

pub fn networks(s: &mut Sweep) {
    for (input, x) in vectors() {
        s.try_on("softmax", input, || plain(softmax(&x)));
    }
    for (input, x) in matrices() {
        s.try_on("softmax_rows", input, || plain(softmax_rows(&x)));
        s.try_on("attention", input, || shown(attention(&x, &x, &x)));
        let closed = Array2::from_elem((x.nrows(), x.nrows()), false);
        s.try_on("masked_attention", input, || {
            shown(masked_attention(&x, &x, &x, &closed))
        });
        s.try_on("masked_attention", input, || {
            shown(masked_attention(&x, &x, &x, &causal_mask(x.nrows())?))
        });
        if let Ok(weights) = softmax_rows(&x) {
            s.try_on("row_entropy", input, || plain(row_entropy(&weights)));
        }
        s.try_on("streaming_attention", input, || {
            plain(streaming_attention(&x, &x, &x))
        });
        s.try_on("rotary_positions", input, || {
            plain(rotary_positions(&x, usize::MAX))
        });
        s.try_on("rotary_positions", input, || plain(rotary_positions(&x, 0)));
        for (other, scale) in vectors() {
            let input = format!("{input} | {other}");
            let scale = cycled(&scale, x.ncols());
            s.try_on("layer_norm", &input, || {
                plain(layer_norm(&x, &scale, &scale))
            });
            s.try_on("rms_norm", &input, || plain(rms_norm(&x, &scale)));
        }
        for (other, y) in matrices() {
            s.try_on("attention", format!("{input} | {other}"), || {
                shown(attention(&x, &y, &y))
            });
        }
        for (heads, width) in [(1, 3), (3, 3), (2, 2), (1, 8), (1, 2), (1, 1)] {
            let mut rng = RandomState::seed(1);
            s.try_on(
                "MultiHead::self_attention",
                format!("{input}, {heads} heads"),
                || {
                    let layer = MultiHead::new(width, heads, &mut rng)?;
                    shown(layer.self_attention(&x, None))
                },
            );
            s.try_on(
                "TransformerBlock::forward",
                format!("{input}, {heads} heads"),
                || {
                    let block = TransformerBlock::new(width, heads, &mut rng)?;
                    let mut cache: KeyValueCache = block.cache();
                    let whole = block.forward(&x)?;
                    plain(block.step(&x.row(0), &mut cache).map(|row| (row, whole)))
                },
            );
        }
        for activation in [
            Activation::Relu,
            Activation::Sigmoid,
            Activation::Softmax,
            Activation::Tanh,
        ] {
            s.try_on("Mlp::train", input, || {
                let mut rng = RandomState::seed(1);
                let sizes = [x.ncols(), 3, 1];
                let mut mlp = Mlp::new(
                    &sizes,
                    activation,
                    Activation::Identity,
                    Loss::MeanSquaredError,
                    InitialWeights::He,
                    &mut rng,
                )?;
                let target = Array2::zeros((x.nrows(), 1));
                let losses = mlp.train(&x, &target, &mut Optimizer::adam(0.01)?, 3)?;
                plain(mlp.predict(&x).map(|found| (found, losses)))
            });
        }
    }
    for (input, x, y) in targets() {
        let target = y.view().insert_axis(Axis(1)).to_owned();
        s.try_on("Mlp::gradients", &input, || {
            let layer = Layer::new(
                Array2::from_elem((x.ncols(), 1), 0.1),
                array![0.0],
                Activation::Identity,
            );
            let mlp = Mlp::from_layers(vec![layer], Loss::MeanSquaredError)?;
            mlp.gradients(&x, &target)?;
            plain(mlp.loss(&x, &target))
        });
    }
    for number in NUMBERS {
        let input = number.to_string();
        for other in NUMBERS
            .into_iter()
            .filter(|other| other.is_finite() && number.is_finite())
        {
            s.try_on("relative_error", format!("{number} {other}"), || {
                Ok(vec![relative_error(number, other)])
            });
        }
        s.try_on("Optimizer::sgd", &input, || {
            Optimizer::sgd(number).map(|_| vec![])
        });
        s.try_on("Optimizer::adam", &input, || {
            Optimizer::adam(number).map(|_| vec![])
        });
        s.try_on("Optimizer::momentum", &input, || {
            Optimizer::momentum(0.1, number).map(|_| vec![])
        });
        s.try_on("target_task", &input, || {
            target_task(5, number, &mut RandomState::seed(1))
                .map(|task| task.x.iter().copied().collect())
        });
        s.try_on("gradient_check", &input, || {
            let mut rng = RandomState::seed(1);
            let mlp = Mlp::new(
                &[2, 1],
                Activation::Tanh,
                Activation::Identity,
                Loss::MeanSquaredError,
                InitialWeights::He,
                &mut rng,
            )?;
            shown(gradient_check(
                &mlp,
                &array![[1.0, 2.0]],
                &array![[0.5]],
                number,
            ))
        });
    }
    for a in [0_u64, 1, 7, 1 << 40, u64::MAX] {
        for b in [0_u64, 1, 64, 1 << 40, u64::MAX] {
            s.try_on("cache_bytes", format!("{a} {b}"), || {
                plain(cache_bytes(a, b, 8, 128, 2))
            });
            s.try_on("lora_count", format!("{a} {b}"), || {
                shown(lora_count(a, b, 8))
            });
            s.try_on("lora_count", format!("{a} {b}"), || {
                shown(lora_count(4096, a, b))
            });
        }
    }
    for n in COUNTS.into_iter().filter(|&n| n <= 10_000) {
        s.try_on("positional_encoding", n.to_string(), || {
            plain(positional_encoding(n.min(50), n.min(64)))
        });
        s.try_on("ResNet::new", n.to_string(), || {
            ResNet::new(n, 10).map(|net| vec![net.parameters() as f64])
        });
        s.try_on("ResNet::new", n.to_string(), || {
            ResNet::new(18, n).map(|net| vec![net.parameters() as f64])
        });
    }
}
