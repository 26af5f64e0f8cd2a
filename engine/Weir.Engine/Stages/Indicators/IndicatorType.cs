namespace Weir.Engine.Stages;

/// <summary>What an indicator is. A new kind takes a line here and in <see cref="IndicatorTypes"/>, a file of its own, and its anchor in <see cref="IndicatorScanner"/>.</summary>
internal enum IndicatorType : byte
{
    Ipv4,
    Ipv6,
    Url,
    Domain,
    Email,
    Md5,
    Sha1,
    Sha256,
    Sha512,
    Cve,
}
