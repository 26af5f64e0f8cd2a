using System.CommandLine;
using Weir.SplunkServer;

var port = new Option<int>("--port") { Description = "Port on 127.0.0.1.", DefaultValueFactory = _ => 18089 };
var seed = new Option<int?>("--faults") { Description = "Seed of a schedule of faults.", HelpName = "SEED" };
var fault = new Option<string[]>("--fault") { Description = "One fault: KIND@ENDPOINT[:SKIP[:TIMES[:VALUE]]], such as BadJob@status:0:3:1 (README.md).", HelpName = "FAULT" };
var nasty = new Option<int?>("--nasty") { Description = "Serve so many unpleasant events of 20 August 2018, 10 to 11 UTC, in index main instead of the example.", HelpName = "EVENTS" };
var bulk = new Option<int?>("--bulk") { Description = "Serve so many made-up events of 20 August 2018 in index bulk instead of the example.", HelpName = "EVENTS" };
var token = new Option<string?>("--token") { Description = "A token that is taken beside the login admin / changeme." };
var certificate = new Option<string>("--certificate") { Description = "self-signed, wrong-name, expired, or none for plain HTTP.", DefaultValueFactory = _ => "self-signed" };
certificate.AcceptOnlyFromAmong("self-signed", "wrong-name", "expired", "none");
var socket = new Option<bool>("--socket") { Description = "Answer on a bare socket, which can end and cut bodies in every way." };
var command = new RootCommand("A local Splunk to try weir with: the REST endpoints that it uses, over the example case.") { port, seed, fault, nasty, bulk, token, certificate, socket };
command.SetAction(async (parsed, cancellationToken) =>
{
    var day = new DateTime(2018, 8, 20, 0, 0, 0, DateTimeKind.Utc);
    Faults faults = parsed.GetValue(seed) is { } number ? Faults.Random(number) : new Faults([.. (parsed.GetValue(fault) ?? []).Select(Fault.Parse)]);
    var options = new ServerOptions
    {
        Corpus = parsed.GetValue(bulk) is { } many ? Corpus.Bulk(many, day, TimeSpan.FromDays(1)) : parsed.GetValue(nasty) is { } some ? NastyCorpus.Make(some, day.AddHours(10)) : Corpus.Botsv3(),
        Port = parsed.GetValue(port),
        Token = parsed.GetValue(token),
        Faults = faults,
        Certificate = parsed.GetValue(certificate) switch
        {
            "wrong-name" => Certificates.SelfSigned("splunk.example"),
            "expired" => Certificates.SelfSigned("127.0.0.1", DateTimeOffset.UtcNow.AddDays(-1)),
            "none" => null,
            _ => Certificates.SelfSigned("127.0.0.1"),
        },
    };
    await using IAsyncDisposable server = parsed.GetValue(socket) ? new SocketFront(options) : await KestrelFront.StartAsync(options);
    Console.WriteLine($"{(options.Certificate is null ? "http" : "https")}://127.0.0.1:{(server as KestrelFront)?.Port ?? ((SocketFront)server).Port}  user admin, password changeme, {options.Corpus.Events.Count:#,0} events in index {options.Corpus.Index}");
    if (options.Certificate is { } shown)
        Console.WriteLine($"certificate: {parsed.GetValue(certificate)}, SHA-256 fingerprint {Certificates.Fingerprint(shown)}");
    if (faults.ToString() is { Length: > 0 } schedule)
        Console.WriteLine($"faults: {schedule}");
    Console.WriteLine("Ctrl-C ends it.");
    await Task.Delay(Timeout.Infinite, cancellationToken).ContinueWith(_ => { }, TaskScheduler.Default);
    return 0;
});
return await command.Parse(args).InvokeAsync();
