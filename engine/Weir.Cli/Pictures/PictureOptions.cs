using Weir.Engine;

namespace Weir.Cli.Pictures;

/// <summary>How a picture is to look.</summary>
internal sealed record PictureOptions
{
    /// <summary>Shapes and text of an SVG, which needs nothing beside it; else the pixels of a PNG.</summary>
    public bool Svg { get; init; }

    /// <summary>Pixels from side to side.</summary>
    /// <value>640 to 5,000; 1,600 by default.</value>
    public int Width { get; init => field = Check.Within(value, 640, 5_000); } = 1_600;

    /// <summary>Pixels from top to bottom; null: as many as its lines need, up to sixty of them.</summary>
    /// <value>400 to 5,000.</value>
    public int? Height { get; init => field = value is { } height ? Check.Within(height, 400, 5_000) : null; }

    /// <summary>What stands above it.</summary>
    public string? Title { get; init; }

    /// <summary>The stretch of time that it is to be of, UTC; null: from its first event to its last.</summary>
    public (DateTime From, DateTime To)? Asked { get; init; }

    /// <summary>Zone of its axis.</summary>
    public TimeZoneInfo Zone { get; init; } = TimeZoneInfo.Utc;
}
