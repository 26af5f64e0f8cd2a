using System.Globalization;
using System.Text;
using System.Text.Json;
using Weir.Engine;

namespace Weir.Connectors;

/// <summary>How a user proves who it is. Its text never shows the secret.</summary>
internal sealed class SplunkCredential
{
    private SplunkCredential(CredentialKind kind, string? user, string secret) => (Kind, User, Secret) = (kind, user, secret);

    public CredentialKind Kind { get; }

    /// <summary>Name of the user; null with a token.</summary>
    public string? User { get; }

    public string Secret { get; }

    /// <summary>When a token ends; null where it does not say.</summary>
    public DateTimeOffset? Expires { get; private init; }

    /// <summary>A session: logs in once, and once more where the session ends.</summary>
    public static SplunkCredential Password(string user, string password) => new(CredentialKind.Session, user, password);

    /// <summary>The password goes along with each request.</summary>
    public static SplunkCredential Basic(string user, string password) => new(CredentialKind.Basic, user, password);

    public static SplunkCredential Token(string token) => new(CredentialKind.Bearer, null, token) { Expires = ExpiryOf(token) };

    /// <exception cref="WeirException">The token has ended.</exception>
    public void Check(DateTimeOffset now)
    {
        if (Expires is { } end && end <= now)
            throw new WeirException("the Splunk token", string.Create(CultureInfo.InvariantCulture, $"it expired at {end.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ}"), "a token that is valid", "Have a new one made; the same command goes on from where it was.");
    }

    public override string ToString() => Kind.ToString();

    // The middle part of a JSON web token.
    private static DateTimeOffset? ExpiryOf(string token)
    {
        string[] parts = token.Split('.');
        if (parts.Length != 3)
            return null;
        try
        {
            string body = parts[1].Replace('-', '+').Replace('_', '/');
            using var claims = JsonDocument.Parse(Encoding.UTF8.GetString(Convert.FromBase64String(body.PadRight((body.Length + 3) / 4 * 4, '='))));
            return claims.RootElement.TryGetProperty("exp", out JsonElement end) && end.TryGetInt64(out long seconds) && seconds is > 0 and < 253_402_300_800 ? DateTimeOffset.FromUnixTimeSeconds(seconds) : null;
        }
        catch (Exception e) when (e is FormatException or JsonException or InvalidOperationException)
        {
            return null; // not a token that tells
        }
    }
}

internal enum CredentialKind
{
    Session,
    Basic,
    Bearer,
}
