using Weir.Engine.Store;

namespace Weir.Engine.Kinds;

/// <summary>A column of a standard view and its one type.</summary>
internal sealed record ViewColumn(string Name, string Type = "VARCHAR");

/// <summary>A view over all logs of a sort, whatever they are called and whoever wrote them: the same columns of the same types in every case.</summary>
/// <param name="Name">Its name in schema main.</param>
/// <param name="Columns">Its columns in order.</param>
internal sealed record StandardView(string Name, IReadOnlyList<ViewColumn> Columns)
{
    /// <summary>The column of the address that an event came from, without port: IPv4 in dotted decimal, IPv6 in small letters and shortened.</summary>
    public const string Source = "src_ip";

    /// <summary>Columns that every view begins with.</summary>
    private static readonly ViewColumn[] Head =
    [
        new("time", "TIMESTAMPTZ"), new("user"), new("src_ip"), new("src_ip_asn", "BIGINT"), new("src_ip_as_org"),
    ];

    /// <summary>Columns that every view ends with: what ties records of several logs together, what a reader needs, and where the row is.</summary>
    private static readonly ViewColumn[] Tail =
    [
        new("session_id"), new("correlation_id"), new("request_id"), new("client_app_id"), new("message_id"), new("user_key"),
        new("host"), new("log"), new("action"), new("detail"), new("source_id", "INTEGER"), new("row_id", "BIGINT"),
    ];

    /// <summary>Sign-ins, one attempt a row; <c>status</c> is success, failure or interrupted, <c>sign_in_type</c> interactive, non-interactive, service-principal or managed-identity.</summary>
    public static StandardView SignIns { get; } = Make(
        "signins",
        [
            new("status"), new("error_code"), new("reason"), new("app"), new("resource"), new("client_app"), new("device"), new("os"), new("browser"), new("user_agent"),
            new("country"), new("city"), new("log_asn", "BIGINT"), new("user_id"), new("sign_in_type"), new("risk"), new("record_id"),
        ]);

    /// <summary>Mails, one recipient a row; <c>user</c> is the sender.</summary>
    public static StandardView Mails { get; } = Make(
        "mails", [new("sender"), new("recipient"), new("subject"), new("status"), new("size", "BIGINT"), new("dest_ip"), new("direction"), new("trace_id")]);

    /// <summary>Records of audit logs, one operation a row.</summary>
    public static StandardView Audits { get; } = Make(
        "audits",
        [
            new("operation"), new("workload"), new("record_type"), new("object"), new("file_name"), new("result"), new("parameters"), new("user_agent"), new("user_type"), new("user_id"),
            new("country"), new("record_id"),
        ]);

    /// <summary>Started processes.</summary>
    public static StandardView Processes { get; } = Make(
        "processes",
        [
            new("process"), new("pid", "BIGINT"), new("command_line"), new("directory"), new("parent_process"), new("parent_pid", "BIGINT"), new("parent_command_line"), new("hashes"),
            new("integrity"), new("logon_id"), new("process_guid"),
        ]);

    /// <summary>Requests over HTTP.</summary>
    public static StandardView Web { get; } = Make(
        "web",
        [
            new("method"), new("site"), new("url"), new("status", "BIGINT"), new("bytes", "BIGINT"), new("user_agent"), new("referer"), new("content_type"), new("form_data"), new("dest_ip"), new("dest_port", "BIGINT"),
        ]);

    /// <summary>The events of all logs. <c>to_user</c> is who else an event names: the recipient of a mail.</summary>
    public static StandardView Timeline { get; } = new(
        "timeline",
        [
            new("time", "TIMESTAMPTZ"), new("user"), new("src_ip"), new("log"), new("action"), new("detail"), new("host"), new("source_id", "INTEGER"), new("row_id", "BIGINT"),
            new("user_key"), new("to_user"), new("session_id"), new("src_ip_asn", "BIGINT"), new("src_ip_as_org"), new("correlation_id"), new("request_id"), new("user_id"), new("dest_ip"),
        ]);

    /// <summary>Views over logs of one sort, in the order in which they are made.</summary>
    public static IReadOnlyList<StandardView> Logs { get; } = [SignIns, Mails, Audits, Processes, Web];

    /// <summary>All of them.</summary>
    public static IReadOnlyList<StandardView> All { get; } = [.. Logs, Timeline];

    /// <summary>Its definition where no log of the sort is in the case.</summary>
    public string Empty => $"CREATE OR REPLACE VIEW {Name} AS SELECT {string.Join(", ", Columns.Select(c => $"NULL::{c.Type} AS {Sql.Name(c.Name)}"))} WHERE false";

    private static StandardView Make(string name, ViewColumn[] own) => new(name, [.. Head, .. own, .. Tail]);
}
