use dsprep_core::text::ByteBpe;
#[test]
fn stub() { let _ = ByteBpe::from_merges(&[]); let _: Option<tokenizers::Tokenizer> = None; }
