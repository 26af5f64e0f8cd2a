namespace Weir.Engine.Stages;

/// <summary>Whether a column was looked through for indicators.</summary>
internal enum IocLook
{
    /// <summary>It was not.</summary>
    None = 0,

    /// <summary>Where its cell is not contained in the row's <c>_raw</c>.</summary>
    BesideRaw = 1,

    /// <summary>Every cell.</summary>
    Every = 2,
}
