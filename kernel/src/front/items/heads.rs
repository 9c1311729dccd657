//! What an `impl` block is for.

use super::shape::tokens;
use crate::front::names::normal;
use ra_ap_syntax::SyntaxNode;
use ra_ap_syntax::ast::{self, AstNode as _, HasGenericParams as _, HasName as _};

/// What an `impl` block is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    /// The trait, segment by segment, if there is one.
    pub of: Option<Vec<String>>,
    /// The type, and what else distinguishes the block.
    pub rest: String,
    /// The last name of the type.
    pub type_name: String,
}

impl Head {
    pub fn of(block: &ast::Impl) -> Option<Head> {
        let of = block.trait_();
        let ty = block.self_ty()?;
        let parameters: Vec<String> = block
            .generic_param_list()
            .into_iter()
            .flat_map(|list| list.generic_params().collect::<Vec<_>>())
            .filter_map(|parameter| match parameter {
                ast::GenericParam::ConstParam(it) => it.name().map(|it| it.text().to_string()),
                ast::GenericParam::TypeParam(it) => it.name().map(|it| it.text().to_string()),
                ast::GenericParam::LifetimeParam(it) => {
                    it.lifetime().map(|it| it.text().to_string())
                }
            })
            .collect();
        // Parameters count by their position: `impl<T> A<T>` and `impl<U> A<U>` are the same.
        let normal_text = |node: &SyntaxNode| {
            let words = tokens(node).map(|token| {
                let text = normal(token.text());
                let position = parameters.iter().position(|name| *name == text);
                position.map_or(text, |position| format!("#{position}"))
            });
            words.collect::<Vec<_>>().join(" ")
        };
        let path = |node: &SyntaxNode| -> Vec<String> {
            let text = normal_text(node);
            text.split(" :: ").map(str::to_owned).collect()
        };
        let self_path = path(ty.syntax());
        let last = self_path.last().cloned().unwrap_or_default();
        let negative = if block.excl_token().is_some() {
            "! "
        } else {
            ""
        };
        Some(Head {
            of: of.map(|of| path(of.syntax())),
            rest: format!("{negative}{last}"),
            type_name: last.split(' ').next().unwrap_or_default().to_owned(),
        })
    }

    /// Whether both are for the same trait and type. One may name the trait by a longer path.
    pub fn is_same(&self, other: &Head) -> bool {
        let same_trait = match (&self.of, &other.of) {
            (None, None) => true,
            (Some(a), Some(b)) => a.ends_with(b) || b.ends_with(a),
            _ => false,
        };
        same_trait && self.rest == other.rest
    }
}
