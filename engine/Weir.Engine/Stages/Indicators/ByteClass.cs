namespace Weir.Engine.Stages;

/// <summary>What a byte can be part of.</summary>
[Flags]
internal enum ByteClass : byte
{
    None = 0,
    Digit = 1,
    Hex = 2,
    Alphanumeric = 4,

    /// <summary>Letters, digits, dot, dash, underscore, and every byte of a character beyond ASCII.</summary>
    Host = 8,

    /// <summary>What the part before an <c>@</c> is made of in practice: host bytes and <c>+ % #</c>.</summary>
    Mailbox = 16,

    /// <summary>Bytes that do not end a URL by themselves.</summary>
    Url = 32,

    /// <summary>Both alphabets of Base64, without padding.</summary>
    Base64 = 64,
    Blank = 128,
}
