namespace Weir.Connectors.Tests;

public sealed class CsvOptionsTests
{
    public static TheoryData<CsvOptions> All() =>
    [
        new CsvOptions(),
        new CsvOptions { Delimiter = "\t", Quote = "", Header = false },
        new CsvOptions { Delimiter = "||", Quote = "'", Escape = "\\", Header = true, MaxRow = 1 << 20 },
    ];

    [Theory]
    [MemberData(nameof(All))]
    public void FromJson_GivesBackWhatToJsonWrote(CsvOptions options) => Assert.Equal(options, CsvOptions.FromJson(options.ToJson()));

    [Fact]
    public void FromJson_KeysOfTyping_ArePassedOver() => Assert.Equal(new CsvOptions { Header = true }, CsvOptions.FromJson("""{"date_order":"dmy","header":true,"time":["a"]}"""));
}
