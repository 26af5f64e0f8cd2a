using Microsoft.Data.Analysis;
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
        .Then(new ParseStage()).Then(new UnnestStage()).Then(new PayloadStage())
        .Then(new EnrichAsnStage(AsnTable.Embedded)).Then(new ExtractIocsStage())
        .To(caseFile.Table("signin"))
        .RunAsync(RunOptions.Default, CancellationToken.None);
    Console.WriteLine(report);
    DataFrame frame = await caseFile.QueryAsync("SELECT src_ip, any_value(src_ip_as_org) AS organisation, count(*) AS tries, max(_time) AS last FROM signin WHERE location_country = ? GROUP BY 1 ORDER BY 1", "HK").ToDataFrameAsync();
    foreach (DataFrameRow row in frame.Rows)
        Console.WriteLine($"{row["src_ip"]}  {row["organisation"]}  {row["tries"]} sign-ins, the last at {row["last"]:u}");

    return report.Balances ? 0 : 1;
}
finally
{
    File.Delete(casePath);
}
