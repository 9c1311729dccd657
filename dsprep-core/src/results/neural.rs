//! Networks, their gradients and sizes (questions 19 to 21).

use crate::display::{Shown, Summarise, Summary};
use crate::neural::{
    Attention, CheckedGradient, Digits, Forward, Gradients, KeyValueCache, Layer, LayerCount,
    LayerGradient, LoraCount, Mlp, MultiHead, MultiHeadAttention, ResNet, TaskExamples,
    TransferCurves, TransformerBlock,
};

use std::collections::BTreeSet;

fn shape(sizes: &[usize]) -> String {
    let sizes: Vec<String> = sizes.iter().map(usize::to_string).collect();
    sizes.join(" × ")
}

fn norm<'a>(values: impl IntoIterator<Item = &'a f64>) -> f64 {
    values.into_iter().map(|x| x * x).sum::<f64>().sqrt()
}

impl Summarise for Layer {
    fn summary(&self) -> Summary {
        Summary::new("Layer")
            .row("inputs", self.weights.nrows(), "")
            .row("units", self.weights.ncols(), "")
            .row("activation", self.activation.name(), "")
            .row("parameters", self.parameters(), "")
            .row("frozen", self.frozen, "")
    }
}

impl Summarise for Mlp {
    fn summary(&self) -> Summary {
        let layers = || self.layers().iter();
        Summary::new("Multilayer perceptron")
            .row("parameters", self.parameters(), "")
            .row(
                "trainable",
                self.trainable_parameters(),
                "of them, the others are frozen",
            )
            .column("inputs", layers().map(|layer| layer.weights.nrows()))
            .column("units", layers().map(|layer| layer.weights.ncols()))
            .column("activation", layers().map(|layer| layer.activation.name()))
            .column("parameters", layers().map(Layer::parameters))
            .column("frozen", layers().map(|layer| layer.frozen))
    }
}

impl Summarise for Forward {
    fn summary(&self) -> Summary {
        let layers = self.z.len() as u64;
        Summary::new("Forward pass")
            .column("layer", (1..=layers).map(Shown::Id))
            .column("Z", self.z.iter().map(|z| shape(z.shape())))
            .column("A", self.a.iter().skip(1).map(|a| shape(a.shape())))
    }
}

impl Summarise for Gradients {
    fn summary(&self) -> Summary {
        let layers = self.layers.len() as u64;
        let layers_of = || self.layers.iter();
        let weights = layers_of().map(|layer| norm(&layer.weights));
        let biases = layers_of().map(|layer| norm(&layer.bias));
        Summary::new("Gradients")
            .row("loss", self.loss, "at which they were taken")
            .column("layer", (1..=layers).map(Shown::Id))
            .column("‖dL/dW‖", weights)
            .column("‖dL/db‖", biases)
    }
}

impl Summarise for CheckedGradient {
    fn summary(&self) -> Summary {
        Summary::new("Gradient of a parameter")
            .row("parameter", self.parameter.as_str(), "")
            .row("analytic", self.analytic, "by backpropagation")
            .row("numeric", self.numeric, "by the central difference")
            .row("relative error", self.relative_error(), "")
    }
}

impl Summarise for Attention {
    fn summary(&self) -> Summary {
        Summary::new("Attention")
            .row(
                "output",
                shape(self.output.shape()),
                "queries × width of the values",
            )
            .row(
                "weights",
                shape(self.weights.shape()),
                "queries × keys; each row sums to 1",
            )
    }
}

impl Summarise for MultiHeadAttention {
    fn summary(&self) -> Summary {
        Summary::new("Multi-head attention")
            .row(
                "output",
                shape(self.output.shape()),
                "queries × width of the model",
            )
            .row(
                "weights",
                shape(self.weights.shape()),
                "heads × queries × keys",
            )
    }
}

impl Summarise for LayerCount {
    fn summary(&self) -> Summary {
        Summary::new("Layer with parameters")
            .row("layer", self.name.as_str(), "")
            .row("shape", shape(&self.shape), "")
            .row("parameters", self.parameters, "")
    }
}

impl Summarise for ResNet {
    fn summary(&self) -> Summary {
        let layers = || self.layers().iter();
        Summary::new("ResNet")
            .row("parameters", self.parameters(), "")
            .row(
                "of the head",
                self.head_parameters(),
                "all that is trained if the rest is frozen",
            )
            .column("layer", layers().map(|layer| layer.name.as_str()))
            .column("shape", layers().map(|layer| shape(&layer.shape)))
            .column("parameters", layers().map(|layer| layer.parameters))
    }
}

impl Summarise for TaskExamples {
    fn summary(&self) -> Summary {
        Summary::new("Examples of a task")
            .row("rows", self.x.nrows(), "")
            .row("inputs", self.x.ncols(), "")
            .row("classes", self.target.ncols(), "")
    }
}

impl Summarise for TransferCurves {
    fn summary(&self) -> Summary {
        Summary::new("Accuracy on the target task")
            .column("examples", &self.sizes)
            .column("from scratch", &self.scratch)
            .column("frozen", &self.frozen)
            .column("fine-tuned", &self.fine_tuned)
    }
}

impl Summarise for TransformerBlock {
    fn summary(&self) -> Summary {
        Summary::new("Transformer block").row("parameters", self.parameters(), "")
    }
}

impl Summarise for KeyValueCache {
    fn summary(&self) -> Summary {
        Summary::new("Cache of keys and values").row("tokens", self.tokens(), "")
    }
}

impl Summarise for LoraCount {
    fn summary(&self) -> Summary {
        Summary::new("Low-rank adaptation")
            .row("frozen", self.frozen, "numbers of the matrix")
            .row("trained", self.trained, "numbers of A and B")
            .row("share", self.trained as f64 / self.frozen as f64, "")
    }
}

impl Summarise for MultiHead {
    fn summary(&self) -> Summary {
        let width = self.projections()[0].nrows();
        Summary::new("Multi-head attention layer")
            .row("heads", self.heads(), "")
            .row("width", width, "of the model")
            .row("width of a head", width / self.heads(), "")
            .row("parameters", self.parameters(), "")
    }
}

impl Summarise for LayerGradient {
    fn summary(&self) -> Summary {
        Summary::new("Gradients of a layer")
            .row("dL/dW", shape(self.weights.shape()), "inputs × units")
            .row("dL/db", shape(self.bias.shape()), "units")
            .row("dL/dZ", shape(self.z.shape()), "rows × units")
            .row("‖dL/dW‖", norm(&self.weights), "")
            .row("‖dL/db‖", norm(&self.bias), "")
    }
}

impl Summarise for Digits {
    fn summary(&self) -> Summary {
        let kinds: BTreeSet<_> = self.labels.iter().collect();
        Summary::new("Handwritten digits")
            .row("images", self.labels.len(), "")
            .row(
                "pixels",
                self.pixels.ncols(),
                "of each image, from 0 (white) to 1 (ink)",
            )
            .row("labels", kinds.len(), "")
    }
}

super::shown_as_text!(
    Layer,
    Mlp,
    Forward,
    Gradients,
    CheckedGradient,
    Attention,
    MultiHeadAttention,
    LayerCount,
    ResNet,
    TaskExamples,
    TransferCurves,
    TransformerBlock,
    KeyValueCache,
    LoraCount,
    MultiHead,
    LayerGradient,
    Digits
);
