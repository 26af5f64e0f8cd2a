using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Weir.Connectors.Tests.Splunk;

/// <summary>Chains of certificates under an authority that was named.</summary>
public sealed class SplunkTrustTests : IDisposable
{
    private const string ServerPurpose = "1.3.6.1.5.5.7.3.1", ClientPurpose = "1.3.6.1.5.5.7.3.2";
    private readonly string file = Path.GetTempFileName();
    private readonly ECDsa rootKey = ECDsa.Create(ECCurve.NamedCurves.nistP256), middleKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly X509Certificate2 root, middle;

    public SplunkTrustTests()
    {
        root = Authority("CN=root", rootKey).CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(10));
        using X509Certificate2 signed = Authority("CN=middle", middleKey).Create(root, DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(9), [1]);
        middle = signed.CopyWithPrivateKey(middleKey);
        File.WriteAllText(file, root.ExportCertificatePem());
    }

    [Fact]
    public void Accepts_ChainOfWhichTheServerSendsTheMiddle()
    {
        using X509Certificate2 leaf = Leaf(ServerPurpose);
        Assert.True(Trust().Accepts(leaf, [middle], SslPolicyErrors.RemoteCertificateChainErrors));
    }

    [Fact]
    public void Accepts_ChainWithoutItsMiddle_NotAndNobodyIsAskedForIt()
    {
        using X509Certificate2 leaf = Leaf(ServerPurpose);
        SplunkTrust trust = Trust();
        Assert.False(trust.Accepts(leaf, [], SslPolicyErrors.RemoteCertificateChainErrors));
        Assert.Contains("none of the given authorities signed it", trust.Refusal!.Message, StringComparison.Ordinal);
        Assert.All([X509ChainTrustMode.System, X509ChainTrustMode.CustomRootTrust], mode => Assert.True(SplunkTrust.Policy(mode) is { DisableCertificateDownloads: true, RevocationMode: X509RevocationMode.NoCheck }));
    }

    [Fact]
    public void Accepts_CertificateOfAClient_Not()
    {
        using X509Certificate2 leaf = Leaf(ClientPurpose);
        Assert.False(Trust().Accepts(leaf, [middle], SslPolicyErrors.RemoteCertificateChainErrors));
    }

    public void Dispose()
    {
        root.Dispose();
        middle.Dispose();
        rootKey.Dispose();
        middleKey.Dispose();
        File.Delete(file);
    }

    private SplunkTrust Trust() => new(new SplunkOptions { Url = new Uri("https://splunk:8089"), CaFile = file });

    private X509Certificate2 Leaf(string purpose)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=splunk", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(purpose)], false));
        return request.Create(middle, DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(8), [2]);
    }

    private static CertificateRequest Authority(string name, ECDsa key)
    {
        var request = new CertificateRequest(name, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        return request;
    }
}
