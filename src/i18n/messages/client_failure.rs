//! The failures of the client: credentials, connections, and answers of the service. Texts of a service are quoted.

use crate::i18n::message::declare_messages;

declare_messages! {
    failure_no_credentials(): "no credentials are configured", "没有配置凭证";
    origin_environment(): "environment variables", "环境变量";
    origin_oidc(): "OIDC token", "OIDC 令牌";
    origin_cli(): "aliyun CLI profile", "阿里云 CLI 的配置";
    origin_file(): "credentials file", "凭证文件";
    origin_instance_role(): "ECS instance role", "ECS 实例角色";
    origin_uri(): "credentials URI", "凭证 URI";
    origin_profile(name): "profile `{name}`", "配置 `{name}`";
    origin_profile_of(name, path): "profile `{name}` of {path}", "{path} 的配置 `{name}`";
    origin_section(name, path): "section [{name}] of {path}", "{path} 的 [{name}] 段";
    origin_role(role, source): "role {role}, assumed with {source}", "角色 {role}（通过{source}扮演）";
    credentials_set(variable): "set {variable}", "请设置 {variable}";
    credentials_set_both(variable, other):
        "set {variable} and {other}",
        "请设置 {variable} 和 {other}";
    credentials_set_three(variable, other, last):
        "set {variable}, {other} and {last}",
        "请设置 {variable}、{other} 和 {last}";
    credentials_is_true(variable): "{variable} is true", "{variable} 为 true";
    credentials_half(set, unset): "{set} is set, but {unset} is not", "设置了 {set}，但没有设置 {unset}";
    credentials_only(variable, other, last, found):
        "expected {variable}, {other} and {last}, found only {found}",
        "应设置 {variable}、{other} 和 {last}，实际只有 {found}";
    credentials_characters(name):
        "`{name}` contains characters that are invalid in an access key",
        "`{name}` 含有 AccessKey 中不允许的字符";
    credentials_path_missing(path): "{path} does not exist", "{path} 不存在";
    credentials_not_a_file(path): "{path} is not a file", "{path} 不是文件";
    credentials_unreadable(path, reason): "{path} cannot be read: {reason}", "无法读取 {path}：{reason}";
    credentials_encoding(path):
        "{path} is neither UTF-8 nor UTF-16 with a byte-order mark: save it as UTF-8",
        "{path} 既不是 UTF-8，也不是带字节序标记的 UTF-16：请将其保存为 UTF-8";
    credentials_too_large(path, limit): "{path} is larger than {limit} MiB", "{path} 超过 {limit} MiB";
    credentials_no_home(): "there is no home folder", "没有主目录";
    credentials_json(line, column): "invalid JSON at line {line}, column {column}", "第 {line} 行第 {column} 列的 JSON 无效";
    credentials_profiles_list(): "`profiles` must be a list", "`profiles` 必须是列表";
    credentials_text(key): "`{key}` must be a string", "`{key}` 必须是字符串";
    credentials_missing(key): "`{key}` is missing", "缺少 `{key}`";
    credentials_open_quote(key): "`{key}` has an unclosed quote", "`{key}` 的引号没有结束";
    credentials_current(name, problem): "`current` is `{name}`, but {problem}", "`current` 为 `{name}`，但{problem}";
    credentials_no_profile(path, name, names):
        "{path} has no profile `{name}`; it has: {names}",
        "{path} 中没有配置 `{name}`；现有的配置：{names}";
    credentials_no_profile_guess(path, name, guess, names):
        "{path} has no profile `{name}` (did you mean `{guess}`?); it has: {names}",
        "{path} 中没有配置 `{name}`（是否应为 `{guess}`？）；现有的配置：{names}";
    credentials_no_current(path): "{path} has no `current` profile", "{path} 中没有 `current` 所指的配置";
    credentials_no_section(path, name): "{path} has no section [{name}]", "{path} 中没有 [{name}] 段";
    credentials_no_section_guess(path, name, guess):
        "{path} has no section [{name}] (did you mean [{guess}]?)",
        "{path} 中没有 [{name}] 段（是否应为 [{guess}]？）";
    credentials_unusable_profile(name, problem): "no usable profile `{name}`: {problem}", "没有可用的配置 `{name}`：{problem}";
    credentials_no_key(source): "{source} has no access key", "{source}中没有 AccessKey";
    credentials_mode(mode): "unsupported mode `{mode}`; choose another profile", "不支持模式 `{mode}`；请选择其他配置";
    credentials_rsa():
        "type `rsa_key_pair` is no longer supported; use `access_key` or a role",
        "不再支持类型 `rsa_key_pair`；请使用 `access_key` 或角色";
    credentials_type(found):
        "expected `access_key`, `ecs_ram_role`, `ram_role_arn` or `oidc_role_arn` for `type`, found `{found}`",
        "`type` 应为 `access_key`、`ecs_ram_role`、`ram_role_arn` 或 `oidc_role_arn`，实际为 `{found}`";
    credentials_cycle(names): "the `source_profile` keys form a cycle: {names}", "`source_profile` 键形成了环路：{names}";
    credentials_expired(time): "its credentials expired at {time}", "其凭证已于 {time} 过期";
    credentials_renew(): "run a command of the aliyun CLI with this profile to renew them", "请用该配置运行一次阿里云 CLI 命令来续期";
    credentials_sign_in(): "sign in again with the aliyun CLI", "请用阿里云 CLI 重新登录";
    credentials_https(key): "`{key}` must be an https URL, since a token is sent to it", "`{key}` 必须是 https 的 URL，因为令牌会发往该处";
    credentials_url(setting): "{setting} must be an http or https URL", "{setting} 必须是 http 或 https 的 URL";
    credentials_process_start(program, reason): "`{program}` cannot be started: {reason}", "无法启动 `{program}`：{reason}";
    credentials_process_output(program, reason): "`{program}` has unreadable output: {reason}", "无法读取 `{program}` 的输出：{reason}";
    credentials_process_status(program, reason): "`{program}` has no exit status: {reason}", "`{program}` 没有退出状态：{reason}";
    credentials_process_response(program, problem): "`{program}` {problem}", "`{program}`：{problem}";
    credentials_process_time(program, limit): "`{program}` did not finish within {limit} s", "`{program}` 没有在 {limit} 秒内结束";
    credentials_process_json(program): "`{program}` did not print JSON", "`{program}` 没有输出 JSON";
    credentials_process_failed(program, status):
        "`{program}` failed ({status}); run it in a shell to see its error",
        "`{program}` 执行失败（{status}）；请在命令行中运行以查看其错误";
    credentials_process_mode(program):
        "`{program}` printed a mode other than AK and StsToken",
        "`{program}` 输出的模式既不是 AK 也不是 StsToken";
    credentials_process_token(program):
        "`{program}` printed mode StsToken without `sts_token`",
        "`{program}` 输出了模式 StsToken，但没有 `sts_token`";
    credentials_process_large(program, limit): "`{program}` printed more than {limit} KiB", "`{program}` 的输出超过 {limit} KiB";
    credentials_process_empty(): "`process_command` is empty", "`process_command` 为空";
    credentials_no_role(): "the instance has no RAM role", "该 ECS 实例没有 RAM 角色";
    credentials_no_named_role(name): "the instance has no RAM role `{name}`", "该 ECS 实例没有 RAM 角色 `{name}`";
    credentials_skip_metadata(reason, variable):
        "{reason}; set {variable}=true to skip this source",
        "{reason}；设置 {variable}=true 可跳过此来源";
    credentials_access_token(): "`access_token` contains invalid characters", "`access_token` 含有无效的字符";
    credentials_token_size(low, high, path, found):
        "expected a token of {low} to {high} bytes in {path}, found {found} bytes",
        "{path} 中的令牌应为 {low} 到 {high} 字节，实际为 {found} 字节";
    no_names(): "none", "无";
    credentials_metadata_none(role, code):
        "the metadata service has no credentials for role {role}: {code}",
        "元数据服务没有角色 {role} 的凭证：{code}";
    credentials_metadata_json(): "the response of the metadata service is not JSON", "元数据服务的响应不是 JSON";
    credentials_metadata_refused(): "the metadata service refused the request", "元数据服务拒绝了请求";
    credentials_metadata_token(): "the metadata service provides no token", "元数据服务没有提供令牌";
    credentials_metadata_bad_token():
        "the metadata service returned an invalid token",
        "元数据服务返回了无效的令牌";
    credentials_code(code): "expected the code Success in the response, found {code}", "响应中的代码应为 Success，实际为 {code}";
    credentials_response(key): "the response has no `{key}`", "响应中没有 `{key}`";
    credentials_response_json(): "the response is not JSON", "响应不是 JSON";
    credentials_response_time(key): "`{key}` in the response is not a timestamp", "响应中的 `{key}` 不是时间";
    credentials_session(name):
        "expected 2 to 64 letters, digits and `.@-_` for the role session name, found `{name}`",
        "角色会话名称应为 2 到 64 个字母、数字和 `.@-_`，实际为 `{name}`";
    refusal(message, status): "{message} (HTTP {status})", "{message}（HTTP 状态码 {status}）";
    refusal_without_words(status): "(HTTP {status})", "HTTP 状态码 {status}";
    remedy_credentials(problem, source): "{problem} (credentials: {source})", "{problem}（凭证：{source}）";
    remedy_list_rules(): "allow cr:ListSyncRule on this instance", "请授予该实例上的 cr:ListSyncRule 权限";
    remedy_list_instances(): "allow cr:ListInstance, or name the instances", "请授予 cr:ListInstance 权限，或指明实例";
    remedy_events(): "allow actiontrail:LookupEvents on *", "请授予 * 上的 `actiontrail:LookupEvents` 权限";
    remedy_assume_role():
        "allow sts:AssumeRole on the role, and let the role trust the caller",
        "请授予该角色上的 `sts:AssumeRole` 权限，并让该角色信任调用者";
    remedy_identity(): "allow sts:GetCallerIdentity", "请授予 `sts:GetCallerIdentity` 权限";
    remedy_oidc():
        "let the role trust the identity provider, with the issuer, audience and subject of the token",
        "请让该角色信任身份提供商，并与令牌的颁发者、受众和主体一致";
    remedy_token(): "renew the token in its file", "请更新文件中的令牌";
    remedy_token_or_correct(): "renew or correct the token in its file", "请更新或更正文件中的令牌";
    remedy_provider_arn():
        "correct the ARN of the OIDC provider, or create the provider",
        "请更正 OIDC 身份提供商的 ARN，或创建该提供商";
    remedy_role_arn(): "correct the ARN of the role", "请更正角色的 ARN";
    remedy_role_or_create(): "correct the ARN of the role, or create the role", "请更正角色的 ARN，或创建该角色";
    remedy_session(): "correct the name of the session", "请更正会话的名称";
    remedy_duration(): "reduce the duration of the session, which the role limits", "请缩短会话时长，角色对其有上限";
    remedy_policy(): "correct the policy of the session", "请更正会话的权限策略";
    remedy_role_settings():
        "correct the settings of the role in the profile or the variables",
        "请更正配置或环境变量中的角色设置";
    remedy_metadata(): "allow access to the metadata service", "请允许访问元数据服务";
    remedy_uri(): "allow the caller to fetch these credentials", "请允许调用者获取这些凭证";
    remedy_uri_settings():
        "correct the URL and the other settings of these credentials",
        "请更正 URL 以及这些凭证的其他设置";
    remedy_check(source): "check the credentials ({source})", "请检查凭证（{source}）";
    remedy_renew(source): "renew the credentials ({source})", "请续期凭证（{source}）";
    remedy_clock(): "check the clock of this machine", "请检查本机的时钟";
    remedy_foreign():
        "this is not a response of the API: check the endpoint, and any proxy or firewall",
        "这不是 API 的响应：请检查接入点，以及代理和防火墙";
    remedy_instance(): "check the id and region of the instance", "请检查实例的 ID 和地域";
    retries(count, seconds): ("gave up after 1 attempt, {seconds} s") "gave up after {count} attempts, {seconds} s", "尝试 {count} 次后放弃，用时 {seconds} 秒";
    retries_out_of_time(count, total, seconds):
        ("the time budget of {total} s ended after 1 attempt, {seconds} s")
        "the time budget of {total} s ended after {count} attempts, {seconds} s",
        "时间预算 {total} 秒已用完：尝试 {count} 次，用时 {seconds} 秒";
    retries_wait(count, seconds, wait, left):
        ("gave up after 1 attempt, {seconds} s: the next attempt is due in {wait} s, with {left} s of the time budget left")
        "gave up after {count} attempts, {seconds} s: the next attempt is due in {wait} s, with {left} s of the time budget left",
        "尝试 {count} 次后放弃，用时 {seconds} 秒：下一次尝试要等 {wait} 秒，而时间预算只剩 {left} 秒";
    body_empty(): "the body is empty", "响应正文为空";
    body_is_list(): "expected an object as the response, found a list", "响应应为对象，实际为列表";
    body_without_success(): "the response does not report success", "响应没有表明成功";
    body_without_words():
        "the service reported a failure under HTTP 200",
        "服务以 HTTP 状态码 200 返回了失败";
    body_without_total(): "the response has no valid TotalCount", "响应中没有有效的 `TotalCount`";
    body_without_rules():
        "the response has a TotalCount, but no SyncRules",
        "响应中有 `TotalCount`，但没有 `SyncRules`";
    body_without_events():
        "the response has neither Events nor a RequestId",
        "响应中既没有 `Events`，也没有 `RequestId`";
    body_of_other_form():
        "the response is truncated or of another form",
        "响应被截断，或者是其他形式";
    no_response(): "no response arrived", "没有收到响应";
    no_turn_of_rate():
        "the budget of requests for the account (--rate) left no turn for this one within the time limit",
        "账号的请求预算（--rate）在时限内没有轮到这个请求";
    no_turn_of_parallelism():
        "other requests took all places (--parallelism) until the time limit: nothing was sent",
        "直到时限，其他请求一直占用全部并发名额（--parallelism）：没有发送任何请求";
    no_turn_of_lookups():
        "the pace of lookups left no turn for this one within the time limit",
        "查询的频率限制在时限内没有轮到这次查询";

    connection_resolve(to, cause):
        "cannot resolve the host name of {to}: {cause}; check the region, the endpoint and the DNS of this machine",
        "无法解析 {to} 的主机名：{cause}；请检查地域、接入点和本机的 DNS";
    connection_failed(to, cause):
        "cannot connect to {to}: {cause}; check the endpoint, the network and the proxy",
        "无法连接 {to}：{cause}；请检查接入点、网络和代理";
    connection_untrusted(to, cause, problem): "cannot trust {to}: {cause}; {problem}", "无法信任 {to}：{cause}；{problem}";
    connection_not_http(to):
        "{to} does not speak HTTP on this port; use https:// for an endpoint with TLS",
        "{to} 的该端口不使用 HTTP；带 TLS 的接入点请写 `https://`";
    connection_proxy(proxy, problem): "the proxy {proxy} {problem}", "代理 {proxy} {problem}";
    connection_proxy_rejects(variable, cause):
        "rejects the user name and password in {variable} ({cause}); correct {variable}",
        "拒绝了 {variable} 中的用户名和密码（{cause}）；请更正 {variable}";
    connection_proxy_requires(variable, cause):
        "requires a user name and password ({cause}); set {variable} to http://USER:PASSWORD@HOST",
        "要求用户名和密码（{cause}）；请将 {variable} 设为 `http://USER:PASSWORD@HOST`";
    connection_proxy_refuses(to, hint):
        "the proxy refuses to connect to {to} ({hint}); allow the host in the proxy, or list it in NO_PROXY",
        "代理拒绝连接 {to}（{hint}）；请在代理中允许该主机，或将它写入 NO_PROXY";
    connection_proxy_set(variable, address): "{variable} is set to {address}", "{variable} 设为 {address}";
    connection_timeout(to, cause): "no response from {to} in time: {cause}", "{to} 没有及时响应：{cause}";
    connection_interrupted(to, cause): "incomplete response from {to}: {cause}", "{to} 的响应不完整：{cause}";
    connection_large(to, limit): "the response from {to} is larger than {limit} MiB", "{to} 的响应超过 {limit} MiB";
    connection_redirect(from, to, setting):
        "{from} redirects to {to}, which is not followed; if the target is correct, set {setting} to it",
        "{from} 重定向到 {to}，不会跟随；如果目标正确，请将 {setting} 设为该地址";
    setting_endpoint(): "the instance's endpoint", "该实例的接入点";
    setting_credentials_url(): "the URL of the credentials", "凭证的 URL";
    connection_setup(cause): "cannot send requests: {cause}", "无法发送请求：{cause}";
    certificate_untrusted():
        "its certificate is self-signed, or its authority is not trusted",
        "其证书为自签名，或其颁发机构不受信任";
    certificate_help_authority():
        "pass the certificate of its authority with --ca-file, for example that of a company's TLS proxy",
        "请用 --ca-file 传入其颁发机构的证书，例如公司 TLS 代理的证书";
    certificate_expired(): "its certificate has expired", "其证书已过期";
    certificate_expired_at(time): "its certificate expired at {time}", "其证书已于 {time} 过期";
    certificate_not_yet(): "its certificate is not valid yet", "其证书尚未生效";
    certificate_valid_from(time): "its certificate is valid from {time} only", "其证书自 {time} 起才有效";
    certificate_help_clock(): "renew the certificate, or correct the clock of this machine", "请更新证书，或校正本机的时钟";
    certificate_wrong_name(host): "its certificate is not for {host}", "其证书不是颁发给 {host} 的";
    certificate_other_name(names, host): "its certificate is for {names}, not for {host}", "其证书是颁发给 {names} 的，不是 {host}";
    certificate_help_name(): "check the host name of the endpoint", "请检查接入点的主机名";
    certificate_revoked(): "its certificate is revoked", "其证书已被吊销";
    certificate_help_replace(): "replace the certificate of the server", "请更换服务器的证书";
    certificate_authority():
        "its certificate is self-signed and marked as that of an authority, which a server must not present",
        "其证书为自签名，且被标记为颁发机构的证书，服务器不应出示这种证书";
    certificate_help_issue():
        "issue a certificate for the server, and pass that of its authority with --ca-file",
        "请为服务器签发证书，并用 --ca-file 传入其颁发机构的证书";
    certificate_unusable(reason): "its certificate is unusable: {reason}", "其证书不可用：{reason}";
    tls_not_spoken(): "it does not speak TLS on this port", "该端口不使用 TLS";
    tls_help_port():
        "check the port and the scheme; use http:// for an endpoint without TLS",
        "请检查端口和协议；不带 TLS 的接入点请写 `http://`";
    tls_versions(reason): "it supports neither TLS 1.2 nor TLS 1.3 ({reason})", "它既不支持 TLS 1.2，也不支持 TLS 1.3（{reason}）";
    tls_help_update(): "update the server or the proxy", "请升级服务器或代理";
    tls_help_endpoint(): "check the endpoint, its scheme and the proxy", "请检查接入点、协议和代理";
    setup_proxy(variable, problem):
        "invalid proxy in the environment variable {variable}: {problem}",
        "环境变量 {variable} 中的代理无效：{problem}";
    setup_certificates(problem): "the file of certificates {problem}", "证书文件 {problem}";
    setup_no_certificate(): "contains no PEM certificate", "其中没有 PEM 证书";
    proxy_not_url(): "not a URL", "不是 URL";
    proxy_scheme():
        "expected the scheme http, https, socks4, socks4a, socks5 or socks5h",
        "协议应为 http、https、socks4、socks4a、socks5 或 socks5h";
    endpoint_invalid(text, problem): "the endpoint `{text}` {problem}", "接入点 `{text}` {problem}";
    endpoint_not_url(): "is not a URL", "不是 URL";
    endpoint_password(): "must not contain a user name or password", "不得包含用户名或密码";
    endpoint_end(): "must end after the host and port", "应在主机和端口之后结束";
    endpoint_plain():
        "is not encrypted: use https; plain http is for this machine only",
        "没有加密：请使用 https；不加密的 http 仅限本机";
    endpoint_scheme(): "must start with https:// or http://", "必须以 `https://` 或 `http://` 开头";
}
