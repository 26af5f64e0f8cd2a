using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Perfolizer.Horology;
using Weir.Benchmarks;

// Within this process and with a short job all of them take minutes: what they find is then measured as a whole run, see perf/README.md.
var config = ManualConfig.Create(DefaultConfig.Instance)
    .AddJob(Job.ShortRun.WithIterationTime(TimeInterval.FromMilliseconds(200)).WithToolchain(InProcessEmitToolchain.Instance))
    .AddDiagnoser(MemoryDiagnoser.Default)
    .WithArtifactsPath(Path.Combine(BenchmarkData.Folder, "benchmarks"));
string[] filter = args.Length == 0 ? ["--filter", "*"] : args[0].StartsWith('-') ? args : ["--filter", .. args.Select(a => $"*{a}*")];
var summaries = BenchmarkSwitcher.FromAssembly(typeof(BenchmarkData).Assembly).Run(filter, config).ToList();
return summaries.Count > 0 && summaries.TrueForAll(s => !s.HasCriticalValidationErrors && s.Reports.All(r => r.Success)) ? 0 : 2;
