//! How many parameters a ResNet has, layer by layer (question 21).
//!
//! After He, Zhang, Ren and Sun, "Deep residual learning for image recognition", 2016, table 1, with the
//! layer names of torchvision. Convolutions have no bias, since batch normalisation follows; it has a
//! scale and a shift for each channel. Its running mean and variance are no parameters: freezing the
//! parameters does not stop them, switching to evaluation mode does.

use crate::Result;
use crate::error::out_of_range;

/// One layer that has parameters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LayerCount {
    /// Its name in torchvision, for example `layer1.0.conv1`.
    pub name: String,
    /// The shape of its weights: outputs, inputs, height, width of a convolution; channels of a batch
    /// normalisation; outputs, inputs of the head.
    pub shape: Vec<usize>,
    /// How many numbers it learns.
    pub parameters: usize,
}

/// The architecture of a ResNet.
///
/// # Examples
/// ```
/// use dsprep_core::neural::ResNet;
///
/// let network = ResNet::new(18, 10)?;                         // a new head for 10 classes
/// assert_eq!(network.parameters(), 11_181_642);               // all are trained in fine-tuning
/// assert_eq!(network.head_parameters(), 5_130);               // all else is frozen: 512 · 10 + 10
/// # Ok::<(), dsprep_core::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResNet {
    layers: Vec<LayerCount>,
}

impl ResNet {
    /// The ResNet with `depth` layers (18, 34, 50, 101 or 152) and a head for `classes` classes.
    ///
    /// # Errors
    /// [`Error::OutOfRange`](crate::Error::OutOfRange) for another depth, without classes, or with
    /// more than 64 bits can count the parameters of.
    pub fn new(depth: usize, classes: usize) -> Result<Self> {
        let (blocks, bottleneck) = match depth {
            18 => ([2, 2, 2, 2], false),
            34 => ([3, 4, 6, 3], false),
            50 => ([3, 4, 6, 3], true),
            101 => ([3, 4, 23, 3], true),
            152 => ([3, 8, 36, 3], true),
            _ => return Err(out_of_range("`depth`", depth, "18, 34, 50, 101 or 152")),
        };
        if classes == 0 {
            return Err(out_of_range("`classes`", classes, "at least 1"));
        }
        let mut layers = Layers(Vec::new());
        layers.convolution("conv1", 7, 3, 64);
        layers.batch_norm("bn1", 64);
        let mut channels = 64;
        for (stage, (number, width)) in blocks.into_iter().zip([64, 128, 256, 512]).enumerate() {
            for block in 0..number {
                let name = format!("layer{}.{block}", stage + 1);
                channels = match bottleneck {
                    false => layers.basic_block(&name, channels, width),
                    true => layers.bottleneck(&name, channels, width),
                };
            }
        }
        let head = classes.checked_mul(channels + 1);
        // All other layers have fewer than 100 million.
        let Some(head) = head.filter(|&head| head < usize::MAX - 100_000_000) else {
            let expected = "fewer: their parameters can't be counted in 64 bits";
            return Err(out_of_range("`classes`", classes, expected));
        };
        layers.push("fc", vec![classes, channels], head);
        Ok(ResNet { layers: layers.0 })
    }

    /// The layers with parameters, in the order of the forward pass.
    pub fn layers(&self) -> &[LayerCount] {
        &self.layers
    }

    /// How many parameters there are: all that fine-tuning trains.
    pub fn parameters(&self) -> usize {
        self.layers.iter().map(|layer| layer.parameters).sum()
    }

    /// How many of them are in the head: all that is trained if everything else is frozen.
    pub fn head_parameters(&self) -> usize {
        self.layers.last().map_or(0, |head| head.parameters)
    }

    /// How many parameters the layers have whose names begin with `prefix`, for example `layer4`.
    ///
    /// # Examples
    /// ```
    /// use dsprep_core::neural::ResNet;
    /// // Three quarters of a ResNet-18 are in its last stage.
    /// assert_eq!(ResNet::new(18, 10)?.parameters_under("layer4"), 8_393_728);
    /// # Ok::<(), dsprep_core::Error>(())
    /// ```
    pub fn parameters_under(&self, prefix: &str) -> usize {
        let under = self
            .layers
            .iter()
            .filter(|layer| layer.name.starts_with(prefix));
        under.map(|layer| layer.parameters).sum()
    }
}

struct Layers(Vec<LayerCount>);

impl Layers {
    /// Two 3×3 convolutions; gives the number of channels that come out.
    fn basic_block(&mut self, name: &str, channels: usize, width: usize) -> usize {
        self.convolution(&format!("{name}.conv1"), 3, channels, width);
        self.batch_norm(&format!("{name}.bn1"), width);
        self.convolution(&format!("{name}.conv2"), 3, width, width);
        self.batch_norm(&format!("{name}.bn2"), width);
        self.shortcut(name, channels, width);
        width
    }

    /// A 3×3 convolution between two 1×1 ones, the last of which gives four times as many channels.
    fn bottleneck(&mut self, name: &str, channels: usize, width: usize) -> usize {
        let wide = 4 * width;
        self.convolution(&format!("{name}.conv1"), 1, channels, width);
        self.batch_norm(&format!("{name}.bn1"), width);
        self.convolution(&format!("{name}.conv2"), 3, width, width);
        self.batch_norm(&format!("{name}.bn2"), width);
        self.convolution(&format!("{name}.conv3"), 1, width, wide);
        self.batch_norm(&format!("{name}.bn3"), wide);
        self.shortcut(name, channels, wide);
        wide
    }

    /// The residual connection is free, unless the number of channels changes: then it is a 1×1
    /// convolution.
    fn shortcut(&mut self, name: &str, channels: usize, out: usize) {
        if channels != out {
            self.convolution(&format!("{name}.downsample.0"), 1, channels, out);
            self.batch_norm(&format!("{name}.downsample.1"), out);
        }
    }

    fn convolution(&mut self, name: &str, side: usize, channels: usize, out: usize) {
        self.push(
            name,
            vec![out, channels, side, side],
            out * channels * side * side,
        );
    }

    fn batch_norm(&mut self, name: &str, channels: usize) {
        self.push(name, vec![channels], 2 * channels);
    }

    fn push(&mut self, name: &str, shape: Vec<usize>, parameters: usize) {
        self.0.push(LayerCount {
            name: name.to_owned(),
            shape,
            parameters,
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The totals that torchvision publishes for its ImageNet models.
    #[test]
    fn the_published_totals_come_out_for_1000_classes() -> Result<()> {
        let published = [
            (18, 11_689_512),
            (34, 21_797_672),
            (50, 25_557_032),
            (101, 44_549_160),
            (152, 60_192_808),
        ];
        for (depth, parameters) in published {
            assert_eq!(
                ResNet::new(depth, 1000)?.parameters(),
                parameters,
                "ResNet-{depth}"
            );
        }
        Ok(())
    }

    #[test]
    fn the_depth_counts_convolutions_and_the_head_but_no_shortcuts() -> Result<()> {
        for depth in [18, 34, 50, 101, 152] {
            let network = ResNet::new(depth, 10)?;
            let weighted = network
                .layers()
                .iter()
                .filter(|layer| layer.shape.len() > 1 && !layer.name.contains("downsample"));
            assert_eq!(weighted.count(), depth);
        }
        Ok(())
    }

    #[test]
    fn the_numbers_of_the_original_come_out_for_10_classes() -> Result<()> {
        let network = ResNet::new(18, 10)?;
        assert_eq!(network.parameters(), 11_181_642);
        assert_eq!(network.head_parameters(), 5_130);
        assert_eq!(network.parameters_under(""), network.parameters());
        Ok(())
    }

    #[test]
    fn an_unknown_depth_is_refused() {
        assert_eq!(
            ResNet::new(19, 10).unwrap_err().to_string(),
            "`depth` is 19, but it must be 18, 34, 50, 101 or 152."
        );
    }
}
