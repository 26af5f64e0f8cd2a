using System.CommandLine;
using Weir.Cli.Commands;
using Weir.Engine;
using Weir.Engine.Analysis;
using Weir.Engine.Store;

namespace Weir.Cli.Tests.Commands;

/// <summary>Options that narrow, over landed tables and standard views.</summary>
public sealed class EventFilterTests : IDisposable
{
    private readonly Bench bench = new();

    public void Dispose() => bench.Dispose();

    [Theory]
    [InlineData("1 2", "--user", "BGIST@froth.ly")]
    [InlineData("4", "--user", "o'brien \"x\"; DROP TABLE a; --")]
    [InlineData("1 2 4", "--user", "o'brien \"x\"; DROP TABLE a; --", "--user", "bgist@froth.ly")]
    [InlineData("3", "--user", "fyodor")]
    [InlineData("", "--user", "bgist")]
    [InlineData("1 4", "--ip", "10.1.2.3")]
    [InlineData("1 4", "--ip", "::ffff:10.1.2.3")]
    [InlineData("1 3 4", "--ip", "10.1.2.0/24")]
    [InlineData("2", "--ip", "2001:DB8:0::1")]
    [InlineData("2", "--ip", "2001:db8::/32", "--user", "bgist@froth.ly")]
    [InlineData("", "--ip", "10.1.2.0/24", "--user", "nobody")]
    [InlineData("1 2 3 4", "--ip", "10.1.2.0/24", "--ip", "2001:db8::/32")]
    [InlineData("2 3", "--from", "2018-08-20T10:01", "--to", "2018-08-20T10:02")]
    [InlineData("1 2", "--to", "2018-08-20 12:01", "--tz", "Europe/Berlin")]
    [InlineData("1 2", "--around", "2018-08-20T10:00Z", "--within", "1m")]
    [InlineData("1 2 3", "--around", "2018-08-20")]
    [InlineData("3", "--session", "ABC-1")]
    [InlineData("3", "--session", "corr-3")]
    [InlineData("1 2", "--log", "SIGNIN")]
    [InlineData("3 4", "--log", "audit")]
    [InlineData("", "--log", "mail")]
    public async Task Condition_OfALandedTable_ChoosesRows(string rows, params string[] options)
    {
        await LandAsync();
        Assert.Equal(rows, await ChosenAsync("a", options));
    }

    [Theory]
    [InlineData("1 2", "--user", "bgist@FROTH.ly")]
    [InlineData("1 2", "--user", "FROTHLY\\bgist")]
    [InlineData("4", "--user", "o'brien \"x\"; DROP TABLE a; --")]
    [InlineData("1 4", "--ip", "10.1.2.3")]
    [InlineData("3 4", "--log", "audit")]
    [InlineData("3", "--log", "audit", "--to", "2018-08-21")]
    [InlineData("3", "--session", "abc-1")]
    public async Task Condition_OfTheTimeline_ChoosesTheSame(string rows, params string[] options)
    {
        await LandAsync();
        Bench.Duck(bench.Case, "INSERT INTO weir.user_keys VALUES ('FROTHLY\\BGIST', 'bgist@froth.ly'), ('bgist@froth.ly', 'bgist@froth.ly')");
        Assert.Equal(rows, await ChosenAsync("timeline", options));
    }

    [Fact]
    public async Task Condition_OfAView_LooksAtWhoElseItNamesToo()
    {
        await LandAsync();
        Bench.Duck(
            bench.Case,
            """
            CREATE OR REPLACE VIEW mails AS SELECT _time AS time, 'sender@x.y' AS "user", '9.9.9.9' AS src_ip, NULL::BIGINT AS src_ip_asn, NULL AS src_ip_as_org, "user" AS recipient, NULL AS session_id,
                split_part(src_ip, ':21974', 1) AS dest_ip, NULL AS correlation_id, NULL AS request_id, 'sender@x.y' AS user_key, 'mail' AS log, source_id, row_id FROM a
            """);
        Assert.Equal("1 2", await ChosenAsync("mails", "--user", "bgist@froth.ly"));
        Assert.Equal("1 2 3 4", await ChosenAsync("mails", "--user", "SENDER@x.y"));
        Assert.Equal("1 4", await ChosenAsync("mails", "--ip", "10.1.2.3"));
        Assert.Equal("1 2 3 4", await ChosenAsync("mails", "--ip", "9.0.0.0/8"));
    }

    [Theory]
    [InlineData("--user", "x", "has no column of users")]
    [InlineData("--ip", "1.2.3.4", "has no column of addresses")]
    [InlineData("--session", "x", "has no column of sessions")]
    [InlineData("--to", "2018-08-20", "has no column of times")]
    [InlineData("--log", "audit", "is of no log")]
    public async Task Condition_WithoutSuchAColumn_IsAnError(string option, string value, string says)
    {
        await LandAsync();
        (await bench.WeirAsync("ingest", bench.Write("plain.csv", "x,y\n1,2\n"))).Clean();
        string message = (await Assert.ThrowsAsync<WeirException>(() => ChosenAsync("plain", option, value))).Message;
        Assert.Contains("table 'plain' " + says, message, StringComparison.Ordinal);
        Assert.Contains(option, message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--user", "", "its value is empty")]
    [InlineData("--ip", "example.com", "it is no address; expected an address or a prefix")]
    [InlineData("--ip", "10.1.2.3/24", "bits behind the prefix are set; expected 10.1.2.0/24")]
    [InlineData("--ip", "10.1.2.3/99", "it is no address")]
    [InlineData("--log", "nope", "the case has no such log; expected one of audit, mail, signin")]
    [InlineData("--from", "soon", "it is no time; expected")]
    [InlineData("--around", "x", "it is no time; expected")]
    [InlineData("--within", "5m", "there is no --around")]
    [InlineData("--tz", "Mars/Olympus", "there is no such time zone")]
    [InlineData("--session", " ", "its value is empty")]
    public async Task Read_BadValue_SaysWhereFoundExpectedAndRemedy(string option, string value, string says)
    {
        await LandAsync();
        string message = (await Assert.ThrowsAsync<WeirException>(() => ChosenAsync("a", option, value))).Message;
        Assert.StartsWith(option, message, StringComparison.Ordinal);
        Assert.Contains(says, message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Read_TimesThatContradict_AreAnError()
    {
        await LandAsync();
        Assert.Contains("it lies before --from", (await Assert.ThrowsAsync<WeirException>(() => ChosenAsync("a", "--from", "2018-08-21", "--to", "2018-08-20"))).Message, StringComparison.Ordinal);
        Assert.Contains("it stands beside --to", (await Assert.ThrowsAsync<WeirException>(() => ChosenAsync("a", "--around", "2018-08-21", "--to", "2018-08-20"))).Message, StringComparison.Ordinal);
        Assert.Equal("1 2 3", await ChosenAsync("a", "--from", "2018-08-20", "--to", "2018-08-20"));
    }

    /// <summary>Four rows; the last one has no time. Two of them are sign-ins by their sourcetype.</summary>
    private async Task LandAsync()
    {
        (await bench.WeirAsync("ingest", bench.Write("a.csv",
            "_time,sourcetype,user,src_ip,session_id,correlation_id\n2018-08-20T10:00:00Z,in,BGIST@froth.ly,10.1.2.3,s1,\n2018-08-20T10:01:00Z,in,bgist@FROTH.LY,2001:0db8::0001,s2,\n"
            + "2018-08-20T10:02:59.5Z,au,Fyodor,10.1.2.255:443,abc-1,CORR-3\n,au,\"O'Brien \"\"x\"\"; DROP TABLE a; --\",10.1.2.3:21974,s4,\n"))).Clean();
        Bench.Duck(
            bench.Case,
            "DELETE FROM weir.kinds",
            "INSERT INTO weir.kinds VALUES (1, 'in', 'signin', 2, 'all'), (1, 'au', 'audit', 2, 'all'), (99, NULL, 'mail', 5, 'all')",
            """
            CREATE OR REPLACE VIEW timeline AS SELECT _time AS time, "user", regexp_replace(src_ip, ':[0-9]{3,5}$', '') AS src_ip, CASE sourcetype WHEN 'in' THEN 'signin' ELSE 'audit' END AS log, 'act' AS action, 'd' AS detail,
                'h' AS host, source_id, row_id, lower("user") AS user_key, NULL::VARCHAR AS to_user, session_id, src_ip_asn, src_ip_as_org, correlation_id, NULL::VARCHAR AS request_id, NULL::VARCHAR AS user_id, NULL::VARCHAR AS dest_ip FROM a
            """);
    }

    private async Task<string> ChosenAsync(string table, params string[] options)
    {
        var command = new Command("test");
        var filter = new EventFilterOptions(command);
        await using CaseFile caseFile = await CaseFile.OpenAsync(bench.Case, new CaseOptions { ReadOnly = true });
        CaseTable asked = CaseTable.Named(caseFile, table);
        string where = filter.Read(command.Parse(options), caseFile).Condition(caseFile, asked);
        return string.Join(' ', caseFile.Database.Rows($"SELECT row_id FROM {asked.From} WHERE {where} ORDER BY 1", r => r.GetInt64(0)));
    }
}
