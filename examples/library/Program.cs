using Apache.Arrow;
using Weir.Connectors;
using Weir.Engine;
using Weir.Engine.Stages;
using Weir.Engine.Store;

// Lands one export through all stages and asks who signed in from where: sources, stages and case compose as in the tool.
string path = args is [var file] ? file : "examples/botsv3/data/signin.csv", casePath = Path.Combine(Path.GetTempPath(), $"weir-library-{Environment.ProcessId}.duckdb");
try
{
    await using CaseFile caseFile = await CaseFile.OpenAsync(casePath);
    RunReport report = await Pipeline
        .From(new CsvSource(path))
        .Then(new ParseStage()).Then(new UnnestStage())
        .Then(new EnrichAsnStage(AsnTable.Embedded)).Then(new ExtractIocsStage())
        .To(caseFile.Table("signin"))
        .RunAsync(RunOptions.Default, CancellationToken.None);
    Console.WriteLine(report);
    await foreach (RecordBatch batch in caseFile.QueryAsync("SELECT src_ip, any_value(src_ip_as_org), count(*) FROM signin WHERE location_country = ? GROUP BY 1 ORDER BY 1", "HK"))
    {
        using (batch)
        {
            for (int row = 0; row < batch.Length; row++)
                Console.WriteLine($"{((StringArray)batch.Column(0)).GetString(row)}  {((StringArray)batch.Column(1)).GetString(row)}  {((Int64Array)batch.Column(2)).GetValue(row)} sign-ins");
        }
    }

    return report.Balances ? 0 : 1;
}
finally
{
    File.Delete(casePath);
}
