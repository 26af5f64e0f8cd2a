using System.Globalization;
using Weir.Perf.Compare;
using Weir.Perf.Data;

namespace Weir.Perf.Runners;

/// <summary>DuckDB does in SQL what <c>weir ingest</c> does, as far as SQL goes.</summary>
/// <param name="ranges">The table of AS numbers that weir embeds, as published.</param>
internal sealed class DuckDbWholeJob(string ranges) : IRunner
{
    public const string RunName = "DuckDB, whole job in SQL";

    public string Name => RunName;

    public string Description => "typed load, lists as rows, AS numbers by an ASOF join of the distinct addresses, six patterns, encoded commands (Peers/whole_job.sql); no remarks, no ledger, nothing to resume.";

    public bool Takes(DataKind kind) => kind == DataKind.Wide;

    public IReadOnlyList<string> Command(DataSet data, string output) => Sql.Command(
        output,
        File.ReadAllText(PeerFile.Path("whole_job.sql")).Replace("$file", Sql.Text(data.Path), StringComparison.Ordinal)
            .Replace("$asn", Sql.Text(ranges), StringComparison.Ordinal).Replace("$threads", "2", StringComparison.Ordinal));

    /// <summary>The table as every peer's; and that lists were taken apart in full.</summary>
    public void Check(Finished run)
    {
        run.Truth.Check(run, Holding.OfDatabase(run.Output, DuckDbLoad.Table));
        using var connection = Sql.Open();
        Sql.Execute(connection, $"ATTACH {Sql.Text(run.Truth.Database!)} AS bare (READ_ONLY); ATTACH {Sql.Text(run.Output)} AS job (READ_ONLY)");
        var counts = Sql.Query(connection, $"SELECT (SELECT sum(len(string_split(\"values(user)\", chr(10)))) FROM bare.{DuckDbLoad.Table})::VARCHAR, (SELECT count(*) FROM job.t_user)::VARCHAR, (SELECT count(*) FROM job.decoded)::VARCHAR")[0];
        if (counts[0] != counts[1])
            throw run.Differs($"values of lists: {counts[0]} in the {DuckDbLoad.AnchorName}, {counts[1]} here");
        if (long.Parse(counts[2], CultureInfo.InvariantCulture) == 0)
            throw run.Differs("no encoded command was found");
    }
}
