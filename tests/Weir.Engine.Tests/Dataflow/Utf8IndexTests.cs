using System.Text;
using Apache.Arrow;
using CsCheck;
using Weir.Engine.Buffers;

namespace Weir.Engine.Tests.Dataflow;

public class Utf8IndexTests
{
    [Fact]
    public void Add_AnyTexts_NumbersEachOnce() => Gen.Select(Gen.String[0, 24], Gen.Int[0, 2]).Array[0, 2000].Sample(texts =>
    {
        var index = new Utf8Index();
        var expected = new Dictionary<(string, int), int>();
        for (int round = 0; round < 2; round++)
        {
            foreach ((string text, int tag) in texts)
            {
                byte[] bytes = Encoding.UTF8.GetBytes(text);
                string key = Convert.ToHexString(bytes);
                expected.TryAdd((key, tag), expected.Count);
                Assert.Equal(expected[(key, tag)], index.Add(bytes, tag));
            }
        }

        Assert.Equal(expected.Count, index.Count);
        using StringArray column = index.ToColumn();
        foreach (((string key, int tag), int at) in expected)
        {
            Assert.Equal(key, Convert.ToHexString(index[at]));
            Assert.Equal(key, Convert.ToHexString(column.GetBytes(at)));
            Assert.Equal(tag, index.Tag(at));
        }

        index.Clear();
        Assert.Equal((0, 0), (index.Count, index.Length));
        Assert.Equal(0, index.Add("x"u8, 0));
    }, iter: 200, threads: 1);
}
