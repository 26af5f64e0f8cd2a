namespace Weir.Engine.Analysis;

/// <summary>How much of the events a picture can show apart.</summary>
internal sealed record MarkLimits
{
    /// <summary>Users that have a line of their own: those of most events.</summary>
    /// <value>1 to 200; 60 by default.</value>
    public int Users { get; init => field = Check.Within(value, 1, 200); } = 60;

    /// <summary>Addresses that are told apart: those of most events.</summary>
    /// <value>1 to 12; 7 by default.</value>
    public int Addresses { get; init => field = Check.Within(value, 1, 12); } = 7;

    /// <summary>Logs that are told apart: those of most events.</summary>
    /// <value>1 to 12; 7 by default.</value>
    public int Logs { get; init => field = Check.Within(value, 1, 12); } = 7;

    /// <summary>Events beyond which they are put together by time.</summary>
    /// <value>1 to 20,000; 5,000 by default: what a picture of ordinary size still shows apart.</value>
    public int Marks { get; init => field = Check.Within(value, 1, 20_000); } = 5_000;

    /// <summary>Marks that there are then, unless there are so many series that three for each are more.</summary>
    /// <value>1 to 20,000; 8,000 by default: a hundred and thirty on each of sixty lines.</value>
    public int Binned { get; init => field = Check.Within(value, 1, 20_000); } = 8_000;

    /// <summary>Parts that the span of time is cut into then: the finest that the eye can tell apart.</summary>
    /// <value>16 to 1,024; 256 by default: marks of seven pixels on a picture 1,600 wide.</value>
    public int Buckets { get; init => field = Check.Within(value, 16, 1_024); } = 256;
}
