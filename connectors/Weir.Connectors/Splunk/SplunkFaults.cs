using System.Globalization;
using System.Net;
using Weir.Engine;

namespace Weir.Connectors;

/// <summary>An attempt failed in a way that another one may not.</summary>
internal class SplunkAttemptException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>More rows than one slice may have: it is to be cut.</summary>
internal sealed class SliceTooLargeException(string message) : SplunkAttemptException(message);

/// <summary>The server runs as many searches as it allows.</summary>
internal sealed class SplunkQuotaException(string message) : SplunkAttemptException(message);

/// <summary>The server answered with an error.</summary>
internal sealed class SplunkStatusException(HttpStatusCode status, IReadOnlyList<SplunkMessage> messages, string request)
    : SplunkAttemptException(string.Create(CultureInfo.InvariantCulture, $"{request} was answered with {(int)status}{(messages.Count == 0 ? "" : ": " + string.Join(" ", messages.Take(3)))}"))
{
    public HttpStatusCode Status { get; } = status;

    public IReadOnlyList<SplunkMessage> Messages { get; } = messages;

    /// <summary>What was asked for is at fault: trying again does not help.</summary>
    public bool IsOurs => Status is HttpStatusCode.BadRequest or HttpStatusCode.Forbidden or HttpStatusCode.MethodNotAllowed or HttpStatusCode.PaymentRequired;

    public WeirException ToWeir(string server) => new(server, Message.TrimEnd('.'), "", Status == HttpStatusCode.Forbidden ? "The user lacks a right: see 'weir splunk check'." : "Correct the search, or see 'weir splunk check'.", this);
}

/// <summary>The server went away in the middle and did not come back in time.</summary>
internal sealed class ServerAwayException(string server, TimeSpan away, Exception cause)
    : WeirException(server, Found(away), "", "Run the same command again when it answers.", cause)
{
    /// <summary>The same, with what became of an export.</summary>
    public WeirException Told(string landed) => new(Where, $"{Found(away)}; {landed}", "", "The same command goes on from there.", this);

    private static string Found(TimeSpan away) => string.Create(CultureInfo.InvariantCulture, $"it could not be reached for {away.TotalSeconds:0} s");
}
