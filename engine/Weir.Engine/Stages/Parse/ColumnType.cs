namespace Weir.Engine.Stages;

/// <summary>Type of a landed column.</summary>
public enum ColumnType
{
    /// <summary>Text as read.</summary>
    Varchar,

    /// <summary>BOOLEAN.</summary>
    Boolean,

    /// <summary>BIGINT.</summary>
    BigInt,

    /// <summary>DOUBLE.</summary>
    Double,

    /// <summary>TIMESTAMPTZ: microseconds, UTC.</summary>
    TimestampTz,

    /// <summary>VARCHAR[]: a multi-value field.</summary>
    VarcharList,

    /// <summary>BIGINT[]: what is derived from each value of a multi-value field.</summary>
    BigIntList,
}
