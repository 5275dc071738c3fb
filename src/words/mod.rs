//! What the rooms below know as data, said in English: one sentence for each error, with what to do and the flag that
//! does it. The only room below `app` and `cli` that names flags.
