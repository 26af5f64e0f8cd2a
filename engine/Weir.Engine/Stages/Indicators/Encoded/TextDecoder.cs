using System.Buffers;
using System.Text;

namespace Weir.Engine.Stages;

/// <summary>Peels encoded text, layer by layer, and has each text scanned.</summary>
/// <remarks>Linear in the text but for texts inside texts, which <see cref="DecodeOptions"/> bounds.</remarks>
internal sealed class TextDecoder(DecodeOptions options)
{
    private const int ShortestMarked = 8, ShortestWide = 4, ShortestLine = 16;
    private const int MostSuffixes = 4;

    private static readonly SearchValues<byte> SpacedBytes = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_= \t\r\n"u8);

    private readonly EncodedRuns[] runsAt = [.. Enumerable.Range(0, options.MaxDepth).Select(_ => new EncodedRuns())];
    private byte[] scratch = [];
    private IndicatorHits hits = null!;
    private List<DecodedText> texts = null!;
    private int bytesLeft, textsLeft;

    /// <summary>Decodes what is encoded in a cell.</summary>
    /// <param name="cell">Its text.</param>
    /// <param name="runs">What its scan proposed.</param>
    /// <param name="found">Takes the hits in decoded texts.</param>
    /// <param name="decoded">Takes the decoded texts.</param>
    public void Decode(ReadOnlySpan<byte> cell, EncodedRuns runs, IndicatorHits found, List<DecodedText> decoded)
    {
        (bytesLeft, textsLeft, hits, texts) = (options.MaxBytes, options.MaxTexts, found, decoded);
        Peel(cell, runs, new Origin(null, 0));
    }

    private void Peel(ReadOnlySpan<byte> text, EncodedRuns runs, Origin origin)
    {
        if (runs.HasZero)
            TakeWide(text, origin);
        if (TrySpaced(text, origin))
            return;
        if (options.Everything)
            runs.ProposeAll(text);
        else
            AddMarked(text, runs);
        int done = 0, linesDone = 0, last = -1;
        foreach (EncodedRun run in runs.Runs)
        {
            int begin = run.Start;
            if (begin < done || begin == last)
                continue; // two words may speak of one run
            last = begin;
            if (IsOrdinary(text, run))
            {
                done = run.End;
                continue;
            }

            int start = SkipEscape(text, begin), end = Base64Layer.End(text, start);
            int lines = begin < linesDone ? end : Base64Layer.LinesEnd(text, start, options.Everything ? 4 : ShortestLine);
            linesDone = Math.Max(linesDone, lines);
            bool marked = EncodingMarks.IsMarked(text, start);
            if (lines > end && TryRun(text, start, lines, marked, origin))
                done = lines;
            else if (TryRun(text, start, end, marked, origin) || (IsBehindLineEnd(text, start) && TryRun(text, start + 1, end, EncodingMarks.IsMarked(text, start + 1), origin)))
                done = end;
            else
                done = TryParts(text, start, end, origin);
        }
    }

    /// <summary>Whether nothing can come of a run, which is so of nearly all: hexadecimal numbers, identifiers, paths in small letters.</summary>
    private static bool IsOrdinary(ReadOnlySpan<byte> text, EncodedRun run) =>
        !run.IsMixed && (run.Start == 0 || text[run.Start - 1] is not ((byte)'\\' or (byte)'%')) // what is escaped begins elsewhere
        && (run.End == text.Length || text[run.End] is not ((byte)'\r' or (byte)'\n' or (byte)'\\')) // more lines may make a run mixed
        && !EncodingMarks.IsMarked(text, run.Start);

    /// <summary>Adds the short runs that a word speaks of.</summary>
    private static void AddMarked(ReadOnlySpan<byte> text, EncodedRuns runs)
    {
        int known = runs.Runs.Length;
        foreach (int mark in runs.Marks)
        {
            int start = EncodingMarks.RunAfter(text, mark);
            if (start >= 0 && Bytes.End(text, start, ByteClass.Base64) - start is > 1 and < EncodedRuns.Shortest && EncodingMarks.IsMarked(text, start))
                runs.Propose(start);
        }

        if (runs.Runs.Length > known)
            runs.Sort();
    }

    private bool TryRun(ReadOnlySpan<byte> text, int start, int end, bool marked, Origin origin)
    {
        ReadOnlySpan<byte> run = text[start..end];
        if (marked ? run.Length < ShortestMarked : run.Length < (options.Everything ? 4 : EncodedRuns.Shortest) || !(options.Everything || IsMixed(run)))
            return false;
        Span<byte> bytes = Scratch(Base64Layer.Room(run.Length));
        bytes = bytes[..Base64Layer.Decode(run, bytes)];
        if (bytes.IsEmpty)
            return false;
        string Layers() => LayerPath.Extend(origin.Parent?.Layers, Base64Layer.Name, start, end - start);
        if (Utf16Layer.IsWhole(bytes, marked ? 1 : ShortestWide, out int wideAt, out int wideLength))
            return TakeUtf16(bytes, wideAt, wideLength, Layers(), start, end, origin, 2);
        if (options.Everything || ReadableText.IsText(bytes, marked, run) || HoldsUrl(bytes))
            return Take(bytes.ToArray(), Layers(), start, end, origin, 1);
        if (!bytes.Contains((byte)0) || !Utf16Layer.TryFind(bytes, 0, out wideAt, out wideLength))
            return false;
        byte[] kept = bytes.ToArray();
        string layers = Layers();
        do
            TakeUtf16(kept, wideAt, wideLength, layers, start, end, origin, 2);
        while (Utf16Layer.TryFind(kept, wideAt + wideLength, out wideAt, out wideLength));
        return true;
    }

    /// <summary>Looks for encoded text between the slashes, dashes and underscores of a run: in a path, in a name.</summary>
    /// <returns>Where to go on.</returns>
    private int TryParts(ReadOnlySpan<byte> text, int start, int end, Origin origin)
    {
        int suffixes = 0, mixedUntil = options.Everything ? end : start + LastMixed(text[start..end]);
        for (int from = start; end - from >= EncodedRuns.Shortest;)
        {
            if (from > mixedUntil)
                break;
            int separator = text[from..end].IndexOfAny("/-_+"u8), partEnd = separator < 0 ? end : from + separator;
            if (IsPlausible(text[from..end]))
            {
                if (from > start && suffixes++ < MostSuffixes && TryRun(text, from, end, false, origin))
                    return end;
                if (partEnd < end && TryRun(text, from, partEnd, false, origin))
                    from = partEnd;
            }

            from = Math.Max(from, partEnd) + 1;
        }

        return end;
    }

    /// <summary>A text that is Base64 with blanks in it.</summary>
    private bool TrySpaced(ReadOnlySpan<byte> text, Origin origin)
    {
        if (text.Length < EncodedRuns.Shortest || text.IndexOfAnyExcept(SpacedBytes) >= 0)
            return false;
        ReadOnlySpan<byte> blanks = " \t\r\n"u8, trimmed = text.Trim(blanks);
        if (trimmed.IndexOfAny(blanks) < 0)
            return false;
        Span<byte> first = stackalloc byte[EncodedRuns.Shortest];
        int count = 0;
        for (int i = 0; i < trimmed.Length && count < first.Length; i++)
        {
            if (!Bytes.Is(trimmed[i], ByteClass.Blank))
                first[count++] = trimmed[i];
        }

        if (count < first.Length || !IsPlausible(first))
            return false;
        Span<byte> bytes = Scratch(Base64Layer.Room(trimmed.Length));
        bytes = bytes[..Base64Layer.Decode(trimmed, bytes)];
        if (!HoldsUrl(bytes))
            return false;
        int start = text.IndexOfAnyExcept(blanks), end = start + trimmed.Length;
        return Take(bytes.ToArray(), LayerPath.Extend(origin.Parent?.Layers, Base64Layer.Name, start, end - start), start, end, origin, 1);
    }

    private void TakeWide(ReadOnlySpan<byte> text, Origin origin)
    {
        for (int from = 0; Utf16Layer.TryFind(text, from, out int start, out int length); from = start + length)
            TakeUtf16(text, start, length, origin.Parent?.Layers, start, start + length, origin, 1);
    }

    private bool TakeUtf16(ReadOnlySpan<byte> bytes, int at, int length, string? layers, int start, int end, Origin origin, int depth) => Take(
        LayerPath.Decode(Utf16Layer.Name, bytes.Slice(at, length)), LayerPath.Extend(layers, Utf16Layer.Name, at, length), start, end, origin, depth);

    /// <summary>Keeps a decoded text, has it scanned and goes on in it.</summary>
    /// <returns>True: the run is dealt with, even if a bound kept its text out.</returns>
    private bool Take(byte[] bytes, string layers, int start, int end, Origin origin, int depth)
    {
        IndicatorFlags met = origin.Depth + depth > options.MaxDepth ? IndicatorFlags.DecodeDepth
            : bytes.Length > bytesLeft ? IndicatorFlags.DecodeBytes
            : textsLeft == 0 ? IndicatorFlags.DecodeTexts
            : IndicatorFlags.None;
        if (met != IndicatorFlags.None)
        {
            hits.Flags |= met;
            return true;
        }

        bytesLeft -= bytes.Length;
        textsLeft--;
        var text = new DecodedText(hits.Cell, origin.Parent?.Offset ?? start, origin.Parent?.Length ?? end - start, layers, bytes);
        hits.Text = texts.Count;
        texts.Add(text);
        EncodedRuns runs = runsAt[origin.Depth];
        runs.Clear();
        IndicatorScanner.Scan(bytes, 0, bytes.Length, hits, runs);
        Peel(bytes, runs, new Origin(text, origin.Depth + depth));
        return true;
    }

    /// <summary>Whether unreadable bytes hold a URL, which random ones do not.</summary>
    private bool HoldsUrl(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IndexOf("://"u8) < 0)
            return false;
        int before = hits.Count;
        IndicatorFlags flags = hits.Flags;
        IndicatorScanner.Scan(bytes, hits);
        bool any = false;
        for (int i = before; i < hits.Count && !any; i++)
            any = hits[i].Type == IndicatorType.Url;
        hits.Truncate(before);
        hits.Flags = flags;
        return any;
    }

    private Span<byte> Scratch(int bytes)
    {
        if (scratch.Length < bytes)
            scratch = new byte[Math.Max(bytes, 4096)];
        return scratch;
    }

    /// <summary>Skips the rest of an escaped quote that the run touches: <c>\u0027QUJD…</c>, <c>%22QUJD…</c>.</summary>
    private static int SkipEscape(ReadOnlySpan<byte> text, int start)
    {
        if (start == 0)
            return start;
        ReadOnlySpan<byte> run = text[start..];
        if (text[start - 1] == '\\' && run.Length > 5 && run.StartsWith("u00"u8))
            return start + 5;
        return text[start - 1] == '%' && run.Length > 2 && Bytes.Is(run[0], ByteClass.Hex) && Bytes.Is(run[1], ByteClass.Hex) ? start + 2 : start;
    }

    /// <summary>Whether the first byte may belong to an escaped line end or tab before the run.</summary>
    private static bool IsBehindLineEnd(ReadOnlySpan<byte> text, int start) => start > 0 && text[start - 1] == '\\' && text[start] is (byte)'n' or (byte)'r' or (byte)'t';

    /// <summary>Capitals and small letters, and something that is no hexadecimal digit.</summary>
    private static bool IsMixed(ReadOnlySpan<byte> run) =>
        run.IndexOfAnyInRange((byte)'A', (byte)'Z') >= 0 && run.IndexOfAnyInRange((byte)'a', (byte)'z') >= 0
        && (run.IndexOfAnyInRange((byte)'g', (byte)'z') >= 0 || run.IndexOfAnyInRange((byte)'G', (byte)'Z') >= 0);

    /// <summary>Where the last end of a run begins that is mixed; -1 where it itself is not.</summary>
    private static int LastMixed(ReadOnlySpan<byte> run) => Math.Min(
        Math.Min(run.LastIndexOfAnyInRange((byte)'A', (byte)'Z'), run.LastIndexOfAnyInRange((byte)'a', (byte)'z')),
        Math.Max(run.LastIndexOfAnyInRange((byte)'g', (byte)'z'), run.LastIndexOfAnyInRange((byte)'G', (byte)'Z')));

    /// <summary>Whether the first twelve bytes may be those of a text.</summary>
    private static bool IsPlausible(ReadOnlySpan<byte> run)
    {
        run = run[..EncodedRuns.Shortest];
        Span<byte> bytes = stackalloc byte[Base64Layer.Room(EncodedRuns.Shortest)];
        bytes = bytes[..(Base64Layer.TryDecodeFew(run, bytes, out int count) ? count : Base64Layer.Decode(run, bytes))];
        int printable = 0, zeros = 0;
        for (int i = 0; i < bytes.Length; i++)
        {
            printable += bytes[i] is >= 0x20 and not 0x7F or (byte)'\t' or (byte)'\r' or (byte)'\n' ? 1 : 0;
            zeros += (i & 1) == 1 && bytes[i] == 0 ? 1 : 0;
        }

        return printable == bytes.Length || zeros * 2 == bytes.Length || (Ascii.IsValid(bytes) && zeros * 3 >= bytes.Length);
    }

    /// <summary>What a text was decoded from.</summary>
    private readonly record struct Origin(DecodedText? Parent, int Depth);
}
