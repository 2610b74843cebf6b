//! Parts of sentences.

use crate::i18n::message::declare_messages;

declare_messages! {
    quoted(value): "\"{value}\"", "“{value}”";
    quoted_with_word(value, word): "\"{value}\" ({word})", "“{value}”（{word}）";
    not_set(): "not set", "未设置";
    automatic(): "automatic", "自动";
    manual(): "manual", "手动";
    with_detail(message, detail): "{message}; {detail}", "{message}；{detail}";
    with_reason(message, reason): "{message}: {reason}", "{message}：{reason}";
    with_note(text, note): "{text} ({note})", "{text}（{note}）";
    items(items): "{items}", "{items}";
    both(first, second): "{first} and {second}", "{first}和{second}";
    list_and_more(list, more): "{list}, … ({more} more)", "{list}…（另有 {more} 个）";
    words_and_more(list, more): "{list} and {more} more", "{list}，另有 {more} 个";
    path_and_more(path, more): "{path} -> … ({more} more)", "{path} -> …（另有 {more} 个）";
    findings_counted(count): ("1 finding") "{count} findings", "{count} 个发现";
}
