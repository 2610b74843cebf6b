//! The errors of the store, with their helps. Reasons of a database are quoted.

use crate::i18n::message::declare_messages;

declare_messages! {
    store_unreachable(store, reason): "cannot reach the store {store}: {reason}", "无法连接存储 {store}：{reason}";
    store_statement(store, reason): "the store {store} refused a statement: {reason}", "存储 {store} 拒绝了语句：{reason}";
    store_missing(store): "{store} is no store yet", "{store} 还不是存储";
    store_foreign(path, reason): "{path} is no database of crdrift: {reason}", "{path} 不是 crdrift 的数据库：{reason}";
    store_network(path, kind):
        "{path} is on a network file system ({kind}), where the locks of SQLite do not hold",
        "{path} 在网络文件系统（{kind}）上，SQLite 的锁在其上无效";
    store_second_host(path, process, host):
        "{path} is in use by process {process} on host {host}",
        "{path} 正由主机 {host} 上的进程 {process} 使用";
    store_newer(found, known):
        "the store has schema {found}, and this version writes up to schema {known}: it can only read the store",
        "存储的结构版本为 {found}，而当前版本最多写到结构版本 {known}：只能读取该存储";
    store_older(found, known):
        "the store has schema {found}, and reading takes schema {known}",
        "存储的结构版本为 {found}，而读取需要结构版本 {known}";
    store_late(reason):
        "a late result waits to be applied, which the user may not do: {reason}",
        "有一个迟到的结果等待应用，而当前用户无权应用：{reason}";
    store_ahead(seconds): "the clock of the store is {seconds} s ahead of that of this host", "存储的时钟比本机快 {seconds} 秒";
    store_behind(seconds): "the clock of the store is {seconds} s behind that of this host", "存储的时钟比本机慢 {seconds} 秒";
    store_lease(estate, holder): "the lease of the estate {estate} is lost to {holder}", "规则集 {estate} 的租约已被 {holder} 取得";
    store_document(reason): "expected a result document, found {reason}", "应为结果文档，实际为 {reason}";
    store_damaged(reason): "the store is damaged: {reason}", "存储已损坏：{reason}";

    help_store_folder():
        "check that the folder exists, and that this user may write into it",
        "请检查文件夹是否存在，以及当前用户能否写入";
    help_store_server():
        "check that the server runs, that this host may connect, and the user and the password",
        "请检查服务器是否运行、本机能否连接，以及用户名和密码";
    help_store_privileges():
        "check the privileges of the user and the free space of the database",
        "请检查用户的权限和数据库的剩余空间";
    help_store_record(command): "record a result first: {command}", "请先记录一个结果：{command}";
    help_store_name(example): "give the file another name: {example}", "请给文件换一个名称：{example}";
    help_store_postgres(example): "use PostgreSQL for several hosts: {example}", "多台主机请使用 PostgreSQL：{example}";
    help_store_remove(path):
        "use PostgreSQL for several hosts; if that host is gone, remove {path}",
        "多台主机请使用 PostgreSQL；如果那台主机已不存在，请删除 {path}";
    help_store_newer(): "record with the newer version of crdrift", "请用更新版本的 crdrift 记录";
    help_store_migrate():
        "record a result with this version once, with a user that may change tables: that migrates the store",
        "请以有权修改表的用户用当前版本记录一次结果：这会迁移存储";
    help_store_late(command):
        "ask once as the user that records, which applies it: {command}",
        "请以负责记录的用户查询一次，这会应用该结果：{command}";
    help_store_clocks(): "synchronise the clocks of both hosts, by NTP for example", "请同步两台主机的时钟，例如使用 NTP";
    help_store_lease(): "leave the estate to the other process, which checks it", "请将该规则集交给正在检查它的另一进程";
    help_store_document(command): "record what {command} wrote", "请记录 {command} 写出的文件";
    help_store_restore():
        "restore a back-up, or record the saved results into a new store",
        "请恢复备份，或将保存的结果记录到新的存储中";
    help_store_spooled(help, place):
        "{help}; the next run with this store records it from {place}",
        "{help}；下一次使用该存储的运行会从 {place} 记录它";
    result_not_kept(reason, place, problem):
        "{reason}; nor is it kept in {place}: {problem}",
        "{reason}；也没有保存在 {place} 中：{problem}";
}
