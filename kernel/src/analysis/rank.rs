//! Which completions are likely, and what they are.

use ra_ap_ide::{CompletionItem, CompletionItemKind, CompletionRelevance, SymbolKind};

/// The lower, the more likely: what has the type that is wanted, what is near, what is the type's own, what traits
/// bring, and at last words of the language and what is better left alone.
pub fn rank(item: &CompletionItem) -> u8 {
    let relevance = &item.relevance;
    let keyword = matches!(
        item.kind,
        CompletionItemKind::Keyword | CompletionItemKind::Snippet
    );
    let near = matches!(
        item.kind,
        CompletionItemKind::SymbolKind(SymbolKind::Local | SymbolKind::Field)
    );
    if item.deprecated || relevance.is_private_editable || item.lookup().starts_with('_') {
        6
    } else if relevance.trait_.is_some_and(|it| it.is_op_method) {
        5
    } else if keyword {
        4
    } else if relevance.exact_name_match || has_wanted_type(relevance) {
        0
    } else if near || relevance.is_local {
        1
    } else if relevance.trait_.is_some_and(|it| !it.notable_trait) {
        3
    } else {
        2
    }
}

/// Whether it has the very type that is wanted. rust-analyzer says so in its score alone: 35 more, where a type that
/// might fit counts 15.
fn has_wanted_type(relevance: &CompletionRelevance) -> bool {
    let nothing = CompletionRelevance::default();
    let type_alone = CompletionRelevance {
        type_match: relevance.type_match,
        ..nothing
    };
    type_alone.score() > nothing.score() + 15
}

/// What it is, in Jupyter's words.
pub fn kind(kind: CompletionItemKind) -> &'static str {
    use CompletionItemKind as K;
    use SymbolKind as S;
    match kind {
        K::SymbolKind(S::Function | S::Method) => "function",
        K::SymbolKind(
            S::Struct | S::Enum | S::Union | S::Trait | S::TypeAlias | S::TypeParam | S::SelfType,
        )
        | K::BuiltinType => "class",
        K::SymbolKind(S::Module | S::CrateRoot | S::ToolModule) => "module",
        K::SymbolKind(S::Macro | S::ProcMacro | S::Derive | S::DeriveHelper) => "function",
        K::SymbolKind(S::Field) => "property",
        K::SymbolKind(S::Variant | S::Const | S::ConstParam | S::Static) => "statement",
        K::Keyword => "keyword",
        _ => "instance",
    }
}
