using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Weir.SplunkServer;

/// <summary>Certificates made on the spot.</summary>
internal static class Certificates
{
    /// <param name="host">Name or address that it is made out to.</param>
    /// <param name="until">When it ends.</param>
    public static X509Certificate2 SelfSigned(string host, DateTimeOffset? until = null)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=SplunkServerDefaultCert, O=SplunkUser", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        if (IPAddress.TryParse(host, out IPAddress? address))
            names.AddIpAddress(address);
        else
            names.AddDnsName(host);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        DateTimeOffset end = until ?? DateTimeOffset.UtcNow.AddYears(3);
        using X509Certificate2 made = request.CreateSelfSigned(end.AddYears(-4), end);
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pfx), null);
    }

    public static string Fingerprint(X509Certificate2 certificate) => string.Join(':', certificate.GetCertHash(HashAlgorithmName.SHA256).Select(b => b.ToString("X2", System.Globalization.CultureInfo.InvariantCulture)));
}
