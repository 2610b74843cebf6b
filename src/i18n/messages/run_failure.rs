//! The failures of a run: live rules, results and other files, git, selections. Texts of parsers are quoted.

use crate::i18n::message::declare_messages;

declare_messages! {
    system_not_found(number): "No such file or directory (os error {number})", "没有该文件或文件夹（os error {number}）";
    system_denied(number): "Permission denied (os error {number})", "没有权限（os error {number}）";
    system_folder(number): "Is a directory (os error {number})", "是文件夹（os error {number}）";
    system_not_a_folder(number): "Not a directory (os error {number})", "不是文件夹（os error {number}）";
    system_full(number): "No space left on device (os error {number})", "磁盘空间不足（os error {number}）";
    system_read_only(number): "Read-only file system (os error {number})", "文件系统为只读（os error {number}）";
    system_broken_pipe(number): "Broken pipe (os error {number})", "管道已断开（os error {number}）";
    system_in_use(number): "Address already in use (os error {number})", "地址已被占用（os error {number}）";
    system_refused(number): "Connection refused (os error {number})", "连接被拒绝（os error {number}）";
    system_reset(number): "Connection reset by peer (os error {number})", "连接被对方重置（os error {number}）";
    system_unreachable(number): "Network is unreachable (os error {number})", "网络不可达（os error {number}）";
    system_no_route(number): "No route to host (os error {number})", "没有到主机的路由（os error {number}）";

    live_unreadable(name, reason): "cannot read live rules from {name}: {reason}", "无法从 {name} 读取实际规则：{reason}";
    rules_unreadable(name, reason): "cannot read rules from {name}: {reason}", "无法从 {name} 读取规则：{reason}";
    result_unreadable(name, reason): "cannot read a result from {name}: {reason}", "无法从 {name} 读取结果：{reason}";
    baseline_unreadable(name, reason): "cannot read a baseline from {name}: {reason}", "无法从 {name} 读取基线：{reason}";
    events_unreadable(name, reason): "cannot read events from {name}: {reason}", "无法从 {name} 读取事件：{reason}";
    script_unreadable(name, reason): "cannot read a script from {name}: {reason}", "无法从 {name} 读取脚本：{reason}";
    script_unusable(name, reason): "cannot use the script {name}: {reason}", "无法使用脚本 {name}：{reason}";
    script_syntax(reason):
        "the script is neither YAML nor JSON: {reason}",
        "脚本既不是 YAML 也不是 JSON：{reason}";
    script_version(): "expected 1, the version of the format", "应为 1，即格式的版本";
    script_uid(): "a UID must be decimal digits", "UID 必须由十进制数字组成";
    script_limit(): "a limit must be at least 1", "上限至少为 1";
    script_every(): "`every` must be at least 1", "`every` 至少为 1";
    script_time(): "expected a time such as 2026-03-10T12:00:00Z", "应为 `2026-03-10T12:00:00Z` 这样的时间";
    script_role(): "no account of the script declares this role", "脚本中没有账号声明该角色";
    script_status(): "`status` must be between 200 and 599", "`status` 必须在 200 到 599 之间";
    script_redirect():
        "a redirect needs a `status` from 300 to 399 and a `location` that is a URL",
        "重定向需要 300 到 399 之间的 `status`，以及作为 URL 的 `location`";
    script_percentage(): "a percentage of the body must be at most 100", "响应正文的百分比最多为 100";
    script_chunk(): "`chunk_bytes` must be at least 1", "`chunk_bytes` 至少为 1";
    not_utf8(reason): "it is not UTF-8 text: {reason}", "不是 UTF-8 文本：{reason}";
    file_is_empty(): "it is empty", "文件为空";
    not_json(reason): "it is not JSON: {reason}", "不是 JSON：{reason}";
    not_a_snapshot(number, reason):
        "expected a crdrift snapshot or a response of ListRepoSyncRule in document {number}: {reason}",
        "第 {number} 个文档应为 crdrift 的快照或 ListRepoSyncRule 的响应：{reason}";
    newer_format(found): "expected format version 1.x, found {found}", "格式版本应为 1.x，实际为 {found}";
    reading_panicked(): "reading the live rules ended unexpectedly", "读取实际规则时意外中止";
    interrupted(): "interrupted while reading", "读取时被中断";
    file_too_long(limit): "it is larger than {limit} bytes", "超过 {limit} 字节";
    file_too_long_mib(limit): "it is larger than {limit} MiB", "超过 {limit} MiB";

    answer_merged():
        "it has `SyncRules` and no `TotalCount`, as `aliyun --pager` prints it, so missing rules cannot be detected: rerun aliyun without --pager, with --PageNo and --PageSize, and give every page",
        "其中有 `SyncRules` 而没有 `TotalCount`，这是 `aliyun --pager` 的输出，因此无法发现缺失的规则：请不加 --pager 重新运行 aliyun，使用 `--PageNo` 和 `--PageSize`，并给出每一页";
    answer_of_several():
        "it holds rules of several local instances, and an answer is about one",
        "其中有多个本地实例的规则，而一个响应只属于一个实例";
    snapshot_is_one(): "a crdrift snapshot is one document", "crdrift 的快照只有一个文档";
    emulator_not_loopback(address):
        "expected a loopback address, found {address}: the keys of the emulator are public",
        "应为环回地址，实际为 {address}：模拟器的密钥是公开的";
    emulator_address(address): "cannot listen on {address}", "无法监听 {address}";
    answer_pages(total, other):
        "the answers count {total} and {other} rules: they are not of one reading",
        "各响应的规则总数为 {total} 和 {other}：它们不属于同一次读取";
    answer_page_twice(number):
        "page {number} is in the answers twice: they are not of one reading",
        "响应中第 {number} 页出现了两次：它们不属于同一次读取";
    answer_rule_twice(id):
        "rule {id} is in the answers twice: they overlap, or rules moved while they were read",
        "响应中规则 {id} 出现了两次：各页重叠，或规则在读取期间发生了移动";
    answer_count(found, total):
        "the answers hold {found} of {total} rules: a page is missing, or one too many is there",
        "响应中有 {total} 条规则中的 {found} 条：缺少一页，或多了一页";
    listing_repeated(count):
        "the live rules that were given hold {count} listings of this instance",
        "所给的实际规则中有该实例的 {count} 份列表";
    listing_rule_twice(id): "rule {id} is in the listing twice", "列表中规则 {id} 出现了两次";
    listing_absent(): "the live rules that were given hold no listing of this instance", "所给的实际规则中没有该实例的列表";
    listing_of_others(others):
        "the live rules that were given are of {others}, not of this instance",
        "所给的实际规则属于 {others}，而不属于该实例";
    answer_of_another(id, other):
        "the live rules that were given hold an answer without rules, which names no instance and is not of {id}: the listing of {other} has a rule that starts there",
        "所给的实际规则中有一个不含规则的响应，它没有指明实例，也不属于 {id}：{other} 的列表中有一条从该实例出发的规则";
    answer_ambiguous(ids):
        "the live rules that were given hold an answer that names no instance, and it can be of {ids}",
        "所给的实际规则中有一个没有指明实例的响应，它可能属于 {ids}";
    declared_unread():
        "it is declared `read: false`, so its rules are unverified",
        "该实例声明为 `read: false`，因此其规则未经核实";
    account_of_credentials(source, account, arn, declared):
        "the credentials ({source}) are of account {account}, as {arn}; the rules file declares account {declared}",
        "凭证（{source}）属于账号 {account}，身份为 {arn}；规则文件声明的账号为 {declared}";
    page_total(total, limit):
        "page 1 reports a TotalCount of {total}, above the limit of {limit}",
        "第 1 页报告的 TotalCount 为 {total}，超过上限 {limit}";
    page_size_zero(total):
        "page 1 reports a TotalCount of {total} with a page size of 0",
        "第 1 页报告的 TotalCount 为 {total}，而每页大小为 0";
    page_count(pages, limit): "page 1 reports {pages} pages, above the limit of {limit}", "第 1 页报告共 {pages} 页，超过上限 {limit}";
    page_number(number, found): "expected page {number}, found page {found}", "应为第 {number} 页，实际为第 {found} 页";
    page_total_changed(number, found, total):
        "page {number} reports a TotalCount of {found}, page 1 of {total}",
        "第 {number} 页报告的 TotalCount 为 {found}，第 1 页为 {total}";
    page_size_changed(number, found, size):
        "page {number} reports a page size of {found}, page 1 of {size}",
        "第 {number} 页报告的每页大小为 {found}，第 1 页为 {size}";
    page_rules(expected, total, number, found):
        "expected {expected} of {total} rules on page {number}, found {found}",
        "第 {number} 页应有 {total} 条规则中的 {expected} 条，实际有 {found} 条";
    page_rule_twice(id): "rule {id} is listed twice", "规则 {id} 被列出了两次";
    listings_differ(count): "{count} successive listings all differ", "连续 {count} 份列表各不相同";
    listings_unstable(count, problem):
        "the pages of {count} listings are inconsistent; the last: {problem}",
        "{count} 份列表的各页互相矛盾；最后一份：{problem}";
    instances_contradicted(count, found):
        "{count} lists of the instances contradict their TotalCount; the last has {found} instances, with duplicates or gaps",
        "{count} 份实例列表与其 TotalCount 矛盾；最后一份有 {found} 个实例，其中有重复或缺失";
    events_empty(): "expected responses of LookupEvents, found an empty file", "应为 LookupEvents 的响应，而文件为空";
    events_shape(number, reason):
        "document {number}: expected a response of LookupEvents, found {reason}",
        "第 {number} 个文档：应为 LookupEvents 的响应，实际为 {reason}";
    events_repeated(): "the service sent the token of a page twice", "服务两次返回了同一页的标记";
    events_pages(limit): "there are more than {limit} pages", "超过 {limit} 页";
    events_unknown(count):
        "{count} elements of the response have no name or time of an event",
        "响应中有 {count} 个元素没有事件的名称或时间";
    listing_contradicted(count, problem):
        "the last of {count} listings is contradicted: {problem}",
        "{count} 份列表中的最后一份与其他读取矛盾：{problem}";
    listing_differs(): "another complete listing differs", "另一份完整的列表与之不同";
    listing_lacks(name): "it lacks rule {name}, which a filtered request returns", "其中缺少规则 {name}，而按条件的请求返回了它";
    listing_has(name):
        "it has rule {name}, which a filtered request does not return",
        "其中有规则 {name}，而按条件的请求没有返回它";
    listing_has_other(name):
        "it has rule {name} with other values than a filtered request returns",
        "其中规则 {name} 的值与按条件的请求所返回的不同";
    listing_too_large(limit): "the pages of the listing exceed {limit} MiB in total", "列表的各页合计超过 {limit} MiB";

    help_give_live(command):
        "give a crdrift snapshot, or what {command} prints, one page after the other",
        "请给出 crdrift 的快照，或 {command} 逐页输出的内容";
    help_set_credentials(command, option):
        "set ALIBABA_CLOUD_ACCESS_KEY_ID and ALIBABA_CLOUD_ACCESS_KEY_SECRET, or run {command}; without an account, try {option}",
        "请设置 ALIBABA_CLOUD_ACCESS_KEY_ID 和 ALIBABA_CLOUD_ACCESS_KEY_SECRET，或运行 {command}；没有账号时，可以试用 {option}";
    help_fix_credentials():
        "fix this credentials source, or remove it so that the next one is tried",
        "请修正该凭证来源，或将其移除以便尝试下一个来源";
    help_issuer():
        "check the issuer's error; the role's trust policy must allow this caller",
        "请查看颁发者的错误；该角色的信任策略必须允许此调用者";
    help_rerun(): "rerun crdrift", "请重新运行 crdrift";
    help_regenerate_baseline():
        "a newer crdrift wrote it: use that version, or regenerate the baseline",
        "它由更新版本的 crdrift 写出：请使用该版本，或重新生成基线";
    help_give_output(command): "give what {command} wrote", "请给出 {command} 写出的文件";
    help_scripts():
        "docs/emulator.md explains scripts, and `crdrift schema faults` prints their schema",
        "docs/emulator.md 说明了脚本，`crdrift schema faults` 会打印其模式";
    help_make_room(): "make room, or write it somewhere else", "请腾出空间，或写到其他位置";
    help_writable_place(): "choose a place this user may write to", "请选择当前用户可以写入的位置";
    help_reader(): "its reader ended before it had read everything: look there", "读取方在读完之前就结束了：请检查读取方";
    help_another_place(): "choose another place", "请选择其他位置";
    unwritable(place, reason): "cannot write {place}: {reason}", "无法写入 {place}：{reason}";
    result_unwritable(reason): "cannot write the result: {reason}", "无法写出结果：{reason}";
    secret_of_credentials(document):
        "cannot write {document}: it holds a secret of the credentials",
        "无法写入 {document}：其中含有凭证的密钥";
    secret_of_variable(document, names):
        "cannot write {document}: it holds the value of {names}, and a variable of that name may hold a secret",
        "无法写入 {document}：其中含有 {names} 的值，而这类名称的变量可能含有密钥";
    help_replace_secret(): "replace the secret where the text comes from", "请在文本的来源处替换密钥";
    help_allow_variables(options): "if the value is no secret, give {options}", "如果该值不是密钥，请加上 {options}";

    base_unreadable(name, reason): "cannot read the base {name}: {reason}", "无法读取比较基准 {name}：{reason}";
    phrase_the_base(): "the base", "比较基准";
    base_is_reference(): "expected a file, found a git reference", "应为文件，实际为 git 引用";
    base_outside(path, root): "{path} is not in the git repository {root}", "{path} 不在 git 仓库 {root} 中";
    git_missing(): "git was not found", "找不到 git";
    git_unusable(reason): "could not run git: {reason}", "无法运行 git：{reason}";
    git_no_repository(folder): "the working directory {folder} is in no git repository", "工作目录 {folder} 不在 git 仓库中";
    git_ownership(folder):
        "git refuses the repository {folder}: dubious ownership, its folder belongs to another user",
        "git 拒绝使用仓库 {folder}：所有权可疑，其文件夹属于其他用户";
    git_bare(folder):
        "the folder {folder} has the layout of a bare git repository, which is not read",
        "文件夹 {folder} 的结构是裸 git 仓库，不会读取";
    git_no_commit(root): "there is no such commit in the git repository {root}", "git 仓库 {root} 中没有该提交";
    git_no_file(path): "expected a file at {path}, found a link or a submodule", "{path} 应为文件，实际为链接或子模块";
    git_no_object(path): "the content of {path} is not in this repository", "{path} 的内容不在该仓库中";
    git_ambiguous(names): "the name is ambiguous: {names}", "该名称有歧义：{names}";
    git_too_much(verb, limit): "git {verb} prints more than {limit} bytes", "git {verb} 的输出超过 {limit} 字节";
    git_failed(verb, reason): "git {verb} failed: {reason}", "git {verb} 失败：{reason}";
    help_base_reference(reference):
        "a name that ends with .yaml or .yml is a path: use --base '{reference}' for the reference",
        "以 `.yaml` 或 `.yml` 结尾的名称是路径：引用请写 --base “{reference}”";
    help_base_path(name): "for the file or folder of that name use --base './{name}'", "同名的文件或文件夹请写 --base “./{name}”";
    help_base_folder():
        "run crdrift in the repository of the rules files, or use --base with a file or folder of the earlier rules, such as ./before/",
        "请在规则文件所在的仓库中运行 crdrift，或用 --base 给出早先规则的文件或文件夹，例如 `./before/`";
    identity_changes(count):
        ("this change alters the host and credentials of requests, in 1 setting")
        "this change alters the host and credentials of requests, in {count} settings",
        "此变更修改了请求的主机和凭证，涉及 {count} 项设置";
    identity_settings(count):
        ("1 setting for the host and credentials of requests, and no base to compare with")
        "{count} settings for the host and credentials of requests, and no base to compare with",
        "有 {count} 项请求主机和凭证的设置，而没有可供比较的基准";
    help_identity():
        "review the settings, then add --allow-identity-change for this run",
        "请审阅这些设置，然后为本次运行加上 --allow-identity-change";
    alias_undeclared(option, alias):
        "{option} \"{alias}\": the rules files declare no such alias",
        "{option} “{alias}”：规则文件没有声明这个别名";
    help_declared_aliases(names): "declared are {names}", "已声明的别名为 {names}";
    help_nearest_alias(guess, names): "did you mean {guess}? declared are {names}", "是否应为 {guess}？已声明的别名为 {names}";
    selection_empty(part): "{part} matches no desired or live rule", "{part} 没有匹配任何已声明或实际的规则";
    help_whole_name(): "globs match the whole name: use `shop-*`, not `shop-`", "通配符表达式匹配整个名称：请写 `shop-*`，而不是 `shop-`";
    help_whole_name_guess(guess):
        "did you mean {guess}? globs match the whole name: use `shop-*`, not `shop-`",
        "是否应为 {guess}？通配符表达式匹配整个名称：请写 `shop-*`，而不是 `shop-`";
    expectation_unusable(name, outcome):
        "{name} cannot be expected: its outcome is {outcome}, so it does not tell everything",
        "{name} 不能作为预期：其结论为 {outcome}，因此不完整";
    help_review_result(): "review and save a result of a run that read everything", "请审阅并保存一次完整读取的运行结果";
    result_not_recorded(reason): "the result is not recorded: {reason}", "结果没有记录：{reason}";
    help_install_git():
        "install git, or use --base with a file or folder of the earlier rules, such as ./before/",
        "请安装 git，或用 --base 给出早先规则的文件或文件夹，例如 `./before/`";
    help_in_repository(form, other, last):
        "run crdrift in the git repository of the rules, or use --base with a path: {form}, {other} or {last}",
        "请在规则所在的 git 仓库中运行 crdrift，或用 --base 给出路径：{form}、{other} 或 {last}";
    help_trust_folder(command): "trust the folder with {command}", "请用 {command} 信任该文件夹";
    help_top_folder():
        "run crdrift from the top folder of the repository, and remove HEAD, objects and refs from that folder",
        "请在仓库的顶层文件夹运行 crdrift，并从该文件夹中删除 `HEAD`、`objects` 和 `refs`";
    git_invalid_name(): "it is no valid reference", "它不是有效的引用";
    help_git_name(): "use a branch, a tag or a commit, such as origin/main", "请使用分支、标签或提交，例如 `origin/main`";
    git_zero_id():
        "the zero id names no commit; pipelines set it for a new branch",
        "全零的 ID 不是任何提交；流水线会为新分支设置它";
    help_git_target(variable):
        "use the target branch of the change, such as origin/main, or, in merge requests of GitLab CI, {variable}",
        "请使用变更的目标分支，例如 `origin/main`；在 GitLab CI 的合并请求中请用 {variable}";
    git_empty(): "the repository has no commit yet", "仓库还没有提交";
    help_git_commit(): "commit the rules first, or remove --base", "请先提交规则，或去掉 --base";
    git_remote_only(name, remote):
        "there is no local branch {name}, but there is {remote}",
        "没有本地分支 {name}，但有 {remote}";
    help_use_base(reference): "use --base {reference}", "请使用 --base {reference}";
    git_history(count, name):
        ("the history of {name} has 1 commit before it")
        "the history of {name} has {count} commits before it",
        "{name} 之前的历史有 {count} 个提交";
    git_shallow_history(count, name):
        ("the history of {name} has 1 commit before it in this shallow clone")
        "the history of {name} has {count} commits before it in this shallow clone",
        "在该浅克隆中，{name} 之前的历史有 {count} 个提交";
    help_git_history():
        "use a commit of the history, or a branch such as origin/main",
        "请使用历史中的提交，或 `origin/main` 这样的分支";
    help_git_unshallow(command, pipelines):
        "the clone is shallow: fetch the rest with {command} ({pipelines})",
        "该克隆是浅克隆：请用 {command} 获取其余部分（{pipelines}）";
    help_git_no_remote(pipelines):
        "correct the name; the repository has no remote to fetch it from (in pipelines, a shallow clone lacks other branches: {pipelines})",
        "请更正名称；该仓库没有可获取它的远程仓库（在流水线中，浅克隆缺少其他分支：{pipelines}）";
    help_git_fetch_any(pipelines): "correct the name, or fetch it ({pipelines})", "请更正名称，或获取它（{pipelines}）";
    help_git_fetch_commit(command, pipelines):
        "fetch the commit with {command} ({pipelines})",
        "请用 {command} 获取该提交（{pipelines}）";
    help_git_fetch_history(command, pipelines):
        "if it is a commit, fetch the history with {command} ({pipelines})",
        "如果它是提交，请用 {command} 获取历史（{pipelines}）";
    help_git_fetch_new(command):
        "correct the name; if it is a commit, fetch what is new with {command}",
        "请更正名称；如果它是提交，请用 {command} 获取新的内容";
    help_git_fetch(command, pipelines):
        "correct the name, or fetch it with {command} ({pipelines})",
        "请更正名称，或用 {command} 获取它（{pipelines}）";
    help_git_fetch_then(command, reference, pipelines):
        "correct the name, or fetch it with {command}, then use --base {reference} ({pipelines})",
        "请更正名称，或用 {command} 获取它，然后使用 --base {reference}（{pipelines}）";
    help_full_names(names): "use one of the full names: {names}", "请使用完整的名称之一：{names}";
    help_earlier_rules():
        "use --base with a file or folder of the earlier rules, such as ./before/",
        "请用 --base 给出早先规则的文件或文件夹，例如 `./before/`";
    help_partial_clone(command):
        "this clone is partial, and crdrift fetches nothing: run {command}, or clone without --filter",
        "该克隆不完整，而 crdrift 不会下载任何内容：请运行 {command}，或在克隆时不使用 --filter";
    help_git_message(): "run git in the working directory and read its message", "请在工作目录中运行 git 并查看其信息";

    result_is_validation(name, command):
        "{name} is a result of {command}, which compares nothing",
        "{name} 是 {command} 的结果，而它不进行比较";
    document_is_empty(): "the document is empty", "文档为空";
    document_truncated(line):
        "the document ends early, at line {line}: truncated, or still being written",
        "文档在第 {line} 行提前结束：被截断，或仍在写入";
    document_not_json(reason): "not valid JSON: {reason}", "不是有效的 JSON：{reason}";
    document_without_keys():
        "not a result document: expected `format_version`, `tool` and `command`",
        "不是结果文档：应有 `format_version`、`tool` 和 `command`";
    document_of_other_tool(found): "expected a result of crdrift, found one of {found}", "应为 crdrift 的结果，实际为 {found} 的结果";
    document_version(found): "expected format_version 1.x, found {found}", "`format_version` 应为 1.x，实际为 {found}";
    document_unknown_word(key, word):
        "unknown {key} \"{word}\"; a newer version of crdrift may support it",
        "未知的 {key}“{word}”；更新版本的 crdrift 可能支持它";
    baseline_not_json(reason): "invalid JSON: {reason}", "无效的 JSON：{reason}";
    baseline_shape(reason): "expected a baseline of crdrift: {reason}", "应为 crdrift 的基线：{reason}";
    baseline_fingerprint(number, found):
        "expected 64 lower-case hexadecimal digits as the fingerprint of entry {number}, found {found}",
        "第 {number} 项的指纹应为 64 位小写十六进制数字，实际为 {found}";
    no_result_since(day): "no result is of {day} or later", "没有 {day} 或之后的结果";
    help_earlier_since(): "use an earlier --since", "请使用更早的 --since";
    store_without_documents(): "no result with a document in the store", "存储中没有带文档的结果";
    help_record_result(command): "record one: {command}", "请记录一个：{command}";
    too_many_results(limit, found):
        "expected at most {limit} results, found {found}",
        "结果最多 {limit} 个，实际为 {found} 个";
    help_fewer_results():
        "select results with --since, or name those of one estate",
        "请用 --since 选择结果，或只给出一个规则集的结果";
    inputs_unusable(count): ("1 input cannot be used") "{count} inputs cannot be used", "有 {count} 个输入无法使用";
    signals_unavailable(reason): "cannot install signal handlers: {reason}", "无法设置信号处理程序：{reason}";
    validated(rules, instances, files):
        "{rules} on {instances}, declared in {files}",
        "{files}声明了{instances}上的{rules}";
    validated_with_policies(rules, instances, policies, files):
        "{rules} on {instances}, {policies}, declared in {files}",
        "{files}声明了{instances}上的{rules}，以及{policies}";
    rules_counted(count): ("1 rule") "{count} rules", " {count} 条规则";
    instances_counted(count): ("1 instance") "{count} instances", " {count} 个实例";
    policies_counted(count): ("1 policy") "{count} policies", " {count} 条策略";
    files_counted(count): ("1 file") "{count} files", "{count} 个文件";
    runtime_unavailable(reason): "cannot start: {reason}", "无法启动：{reason}";
}
