namespace Weir.Perf.Data;

/// <summary>Writes the value that belongs to an index.</summary>
internal static class Values
{
    private static readonly byte[][] First = Lists.Split("ada ben cleo dario elif finn gwen hugo ivy jonas kira leon mara nils oona pavel quinn rosa silas tara ugo vida wanda yuri zita emil frida gerd hana igor jule karl");
    private static readonly byte[][] Last = Lists.Split("abel brandt cole dahl engel frost gruber hahn ibsen jansen klein lorenz moreau nagel olsen pohl quandt reuter sommer thiel unger vogt winter yilmaz ziegler arndt busch carls decker ebert falk gross");
    private static readonly byte[][] Tenants = Lists.Split("contoso.com fabrikam.com contoso.onmicrosoft.com tailspintoys.co.uk adatum.de");
    private static readonly byte[][] Words = Lists.Split("cdn-edge sign-in office-docs parcel-track sync-hub api-relay mail-gate img-store");
    private static readonly byte[][] Suffixes = Lists.Split("com net org info xyz top ru io co.uk biz");

    /// <summary>Public IPv4; one in 25 is IPv6.</summary>
    public static void Address(Utf8Text text, int index)
    {
        ulong hash = Rng.Mix((ulong)index + 0x1000_0000_0000);
        if (hash % 25 == 0)
        {
            text.Add("2a0"u8);
            text.Hex(hash >> 60, 1);
            for (int i = 0; i < 3; i++)
            {
                text.Add((byte)':');
                text.Hex((hash >> (12 * i)) | 0x1000, 4);
            }

            text.Add("::"u8);
            text.Hex((hash >> 48) | 0x10, 2);
            return;
        }

        int head = 1 + (int)(hash % 222);
        text.Number(head is 10 or 127 ? head + 1 : head);
        for (int i = 1; i < 4; i++)
        {
            text.Add((byte)'.');
            text.Number((long)((hash >> (16 * i)) & 255));
        }
    }

    /// <summary>The part of a user's name before the @.</summary>
    public static void Account(Utf8Text text, int index)
    {
        text.Add(First[index & 31]);
        text.Add((byte)'.');
        text.Add(Last[(index >> 5) & 31]);
        if (index >> 10 > 0)
            text.Number(index >> 10);
    }

    public static void User(Utf8Text text, int index)
    {
        Account(text, index);
        text.Add((byte)'@');
        text.Add(Tenants[(int)(Rng.Mix((ulong)index) % (ulong)Tenants.Length)]);
    }

    /// <summary>The name without its domain.</summary>
    public static void HostShort(Utf8Text text, int index)
    {
        text.Add(index < 12 ? "DC"u8 : "WS-"u8);
        text.Digits(index, index < 12 ? 2 : 7);
    }

    public static void Host(Utf8Text text, int index)
    {
        HostShort(text, index);
        text.Add(".corp.contoso.com"u8);
    }

    public static void Domain(Utf8Text text, int index)
    {
        ulong hash = Rng.Mix((ulong)index + 0x2000_0000_0000);
        text.Add(Words[hash & 7]);
        text.Add((byte)'-');
        text.Hex(hash >> 8, 6);
        text.Add((byte)'.');
        text.Add(Suffixes[(int)((hash >> 40) % (ulong)Suffixes.Length)]);
    }

    /// <summary>A file's hash: 32 digits read as MD5, 64 as SHA-256.</summary>
    public static void Digest(Utf8Text text, int index, int digits)
    {
        for (int part = 0; part < digits; part += 16)
            text.Hex(Rng.Mix(((ulong)index << 8) + (ulong)(digits + part)), 16);
    }

    public static void Guid(Utf8Text text, Rng rng)
    {
        ulong high = rng.Next(), low = rng.Next();
        text.Hex(high >> 32, 8);
        text.Add((byte)'-');
        text.Hex(high >> 16, 4);
        text.Add((byte)'-');
        text.Hex(high, 4);
        text.Add((byte)'-');
        text.Hex(low >> 48, 4);
        text.Add((byte)'-');
        text.Hex(low, 12);
    }

    /// <summary><c>2024-03-01T00:00:00.000</c>, without a zone.</summary>
    public static void Time(Utf8Text text, DateTime time)
    {
        text.Digits(time.Year, 4);
        text.Add((byte)'-');
        text.Digits(time.Month, 2);
        text.Add((byte)'-');
        text.Digits(time.Day, 2);
        text.Add((byte)'T');
        text.Digits(time.Hour, 2);
        text.Add((byte)':');
        text.Digits(time.Minute, 2);
        text.Add((byte)':');
        text.Digits(time.Second, 2);
        text.Add((byte)'.');
        text.Digits(time.Millisecond, 3);
    }
}
