using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Weir.Engine;

namespace Weir.Connectors;

/// <summary>Which server certificates are taken.</summary>
internal sealed class SplunkTrust
{
    private readonly SplunkOptions options;
    private readonly string? pinned;
    private readonly X509Certificate2Collection? authorities;

    /// <exception cref="WeirException">The pin or the file of authorities is of no use.</exception>
    public SplunkTrust(SplunkOptions options)
    {
        this.options = options;
        if (options.Fingerprint is { } pin)
        {
            pinned = pin.Replace(":", "", StringComparison.Ordinal).Replace(" ", "", StringComparison.Ordinal).ToLowerInvariant();
            if (pinned.Length != 64 || !pinned.All(char.IsAsciiHexDigitLower))
                throw new WeirException("--fingerprint", $"'{pin}' is no SHA-256 fingerprint", "64 hexadecimal digits", "Take it from the server: openssl x509 -noout -fingerprint -sha256.");
        }

        if (options.CaFile is not { } file)
            return;
        authorities = [];
        try
        {
            authorities.ImportFromPemFile(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new WeirException(file, "it cannot be read as certificates: " + e.Message.TrimEnd('.'), "a PEM file", "Name the file of your certificate authority with --ca.", e);
        }

        if (authorities.Count == 0)
            throw new WeirException(file, "it holds no certificate", "a PEM file", "Name the file of your certificate authority with --ca.");
    }

    /// <summary>How chains are built: from what is at hand. What a certificate names as the place of its issuer, or of its revocations, nobody asked to be visited.</summary>
    public static X509ChainPolicy Policy(X509ChainTrustMode mode)
    {
        var policy = new X509ChainPolicy { TrustMode = mode, RevocationMode = X509RevocationMode.NoCheck, DisableCertificateDownloads = true };
        policy.ApplicationPolicy.Add(new Oid("1.3.6.1.5.5.7.3.1")); // server authentication
        return policy;
    }

    /// <summary>Why the last certificate was refused; null while none was.</summary>
    public WeirException? Refusal { get; private set; }

    /// <param name="sent">Certificates that the server sent along.</param>
    public bool Accepts(X509Certificate? presented, IEnumerable<X509Certificate2> sent, SslPolicyErrors errors)
    {
        if (presented is null)
            return false;
        using var certificate = X509CertificateLoader.LoadCertificate(presented.GetRawCertData());
        string fingerprint = Convert.ToHexStringLower(certificate.GetCertHash(HashAlgorithmName.SHA256));
        if (pinned is not null)
        {
            Refusal = fingerprint == pinned ? null : Refuse($"its certificate has the SHA-256 fingerprint {fingerprint}", $"the pinned {pinned}", "Make sure that it is the right server before you pin another one.");
            return Refusal is null;
        }

        if (options.Insecure || (errors == SslPolicyErrors.None && authorities is null))
            return true;
        string fault = Fault(certificate, sent, errors);
        if (fault.Length == 0)
            return true;
        Refusal = Refuse($"its certificate is not trusted: {fault} (SHA-256 fingerprint {fingerprint})", "one of a trusted authority", "Compare the fingerprint with the server's and give it with --fingerprint, or name your authority with --ca FILE.");
        return false;
    }

    private string Fault(X509Certificate2 certificate, IEnumerable<X509Certificate2> sent, SslPolicyErrors errors)
    {
        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch))
            return $"it is not made out to {options.Url.Host}";
        DateTime now = options.Clock.GetUtcNow().UtcDateTime;
        if (certificate.NotAfter.ToUniversalTime() < now)
            return $"it expired at {certificate.NotAfter.ToUniversalTime():yyyy-MM-dd}";
        if (authorities is null)
            return certificate.Subject == certificate.Issuer ? "it is self-signed" : "its authority is unknown";
        using var chain = new X509Chain { ChainPolicy = Policy(X509ChainTrustMode.CustomRootTrust) };
        chain.ChainPolicy.CustomTrustStore.AddRange(authorities);
        chain.ChainPolicy.ExtraStore.AddRange(authorities);
        chain.ChainPolicy.ExtraStore.AddRange(sent.ToArray());
        return chain.Build(certificate) ? "" : "none of the given authorities signed it as a server that is valid now";
    }

    private WeirException Refuse(string found, string expected, string remedy) => new(options.Name, found, expected, remedy);
}
