using System.Text.RegularExpressions;

namespace Weir.Connectors;

/// <summary>What Splunk's messages mean, on the wire and in bodies on disk.</summary>
internal static partial class SplunkTexts
{
    /// <summary>Whether results are missing by what a message says. Its level does not tell: an auto-finalised search says so at INFO (messages.conf).</summary>
    public static bool SayIncomplete(string type, string text) => type.Equals("FATAL", StringComparison.OrdinalIgnoreCase) || Incomplete().IsMatch(text);

    // Texts of messages.conf 10.2 and of servers seen.
    [GeneratedRegex(@"auto-finali[sz]ed|search (was )?finali[sz]ed|(might|will|may) be incomplete|timed out waiting|quarantined|truncat|limit of '.*' for values reached|search not executed|search process did not exit cleanly|partial results|not all results are included|was disconnected because|was not run on the remote peer|not sending search to|failed to parse the search|ended prematurely|events (are not|cannot be) displayed", RegexOptions.IgnoreCase | RegexOptions.Singleline)]
    private static partial Regex Incomplete();
}
