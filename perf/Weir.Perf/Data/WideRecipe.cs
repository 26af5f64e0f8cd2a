namespace Weir.Perf.Data;

/// <summary>A Splunk export: Microsoft 365, Sysmon and Windows Security records in <c>_raw</c>, eleven columns, about 1.2 kB a row.</summary>
internal sealed class WideRecipe(ulong seed, bool growing) : IRecipe
{
    private static readonly Kind[] Kinds =
    [
        new(360, "o365:signin", "azure:aad:signin", null, status: true, device: true, WideText.SignIn),
        new(200, "o365:exchange", "o365:management:activity", "Exchange", status: true, device: false, WideText.Mail),
        new(140, "o365:sharepoint", "o365:management:activity", "SharePoint", status: false, device: false, WideText.File),
        new(60, "XmlWinEventLog:Microsoft-Windows-Sysmon/Operational", "XmlWinEventLog", "Sysmon", status: false, device: false, WideText.Process),
        new(60, "XmlWinEventLog:Microsoft-Windows-Sysmon/Operational", "XmlWinEventLog", "Sysmon", status: false, device: false, WideText.Network),
        new(50, "XmlWinEventLog:Microsoft-Windows-Sysmon/Operational", "XmlWinEventLog", "Sysmon", status: false, device: false, WideText.Dns),
        new(110, "WinEventLog:Security", "WinEventLog", "Security", status: true, device: false, WideText.Security),
        new(20, "XmlWinEventLog:Microsoft-Windows-Sysmon/Operational", "XmlWinEventLog", "Sysmon", status: false, device: false, WideText.Encoded),
    ];

    private static readonly byte[][] Apps = Lists.Encode("app");
    private static readonly byte[][] Statuses = Lists.Encode("status");
    private static readonly Template Device = new("\"%one:os%;%one:browser%;isCompliant=%one:Truth%,isManaged=%one:Truth%\"", quoted: false);

    private readonly Row row = new(new Rng(seed), growing);

    public IReadOnlyList<Column> Columns { get; } =
    [
        new("_time", "_time"), new("host", "host"), new("source", "source"), new("sourcetype", "sourcetype"), new("user", "user"), new("src_ip", "src_ip"),
        new("app", "app"), new("loginStatus", "login_status"), new("deviceInformation", "device_information"), new("values(user)", "values_user"), new("_raw", "_raw"),
    ];

    public void WriteHeader(Utf8Text text) =>
        text.Add("\"_time\",host,source,sourcetype,user,\"src_ip\",app,loginStatus,deviceInformation,\"values(user)\",\"_raw\"\n"u8);

    public void WriteRow(Utf8Text text)
    {
        row.Next();
        var kind = Draw();
        Values.Time(text, row.Time);
        text.Add(row.Rng.Percent(90) ? "+0000,"u8 : "+0100,"u8);
        Values.Host(text, row.Host);
        text.Add((byte)',');
        text.Add(kind.Source);
        text.Add((byte)',');
        text.Add(kind.Sourcetype);
        text.Add((byte)',');
        Values.User(text, row.User);
        text.Add((byte)',');
        Values.Address(text, row.Address);
        text.Add((byte)',');
        AddCell(text, kind.App ?? row.Rng.One(Apps));
        text.Add((byte)',');
        if (kind.HasStatus)
            AddCell(text, row.Rng.One(Statuses));
        text.Add((byte)',');
        if (kind.HasDevice)
            Device.Write(text, row);
        text.Add((byte)',');
        WriteUsers(text);
        text.Add(",\""u8);
        kind.Raw.Write(text, row);
        text.Add("\"\n"u8);
    }

    private Kind Draw()
    {
        int at = row.Rng.Below(1000), i = 0;
        while (at >= Kinds[i].Share)
            at -= Kinds[i++].Share;
        return Kinds[i];
    }

    /// <summary>22 % of the cells hold two to seven users, one a line; 10 % are empty.</summary>
    private void WriteUsers(Utf8Text text)
    {
        int draw = row.Rng.Below(100);
        if (draw >= 90)
            return;
        if (draw >= 22)
        {
            Values.User(text, row.User);
            return;
        }

        text.Add((byte)'"');
        Values.User(text, row.User);
        for (int more = 1 + row.Rng.Below(6); more > 0; more--)
        {
            text.Add((byte)'\n');
            Values.User(text, row.AnyUser());
        }

        text.Add((byte)'"');
    }

    /// <summary>Quoted only where it must be, as exports do.</summary>
    private static void AddCell(Utf8Text text, byte[] value)
    {
        bool quote = value.AsSpan().Contains((byte)',');
        if (quote)
            text.Add((byte)'"');
        text.Add(value);
        if (quote)
            text.Add((byte)'"');
    }

    /// <summary>A kind of record.</summary>
    private sealed class Kind(int share, string source, string sourcetype, string? app, bool status, bool device, Template raw)
    {
        /// <summary>Rows of it among a thousand.</summary>
        public int Share { get; } = share;

        public byte[] Source { get; } = Utf8Text.Encode(source);

        public byte[] Sourcetype { get; } = Utf8Text.Encode(sourcetype);

        /// <summary>Null: drawn for each row.</summary>
        public byte[]? App { get; } = app is null ? null : Utf8Text.Encode(app);

        public bool HasStatus { get; } = status;

        public bool HasDevice { get; } = device;

        public Template Raw { get; } = raw;
    }
}
