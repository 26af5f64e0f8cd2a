using Weir.Engine.Stages;

namespace Weir.Engine.Tests.Parse;

public class ColumnNamesTests
{
    [Theory]
    [InlineData("deviceInformation", "device_information")]
    [InlineData("ClientIP", "client_ip")]
    [InlineData("TimeGenerated [UTC]", "time_generated_utc")]
    [InlineData("location.country", "location_country")]
    [InlineData("values(user)", "values_user")]
    [InlineData("tag::eventtype", "tag_eventtype")]
    [InlineData("foo{}.bar", "foo_bar")]
    [InlineData("_time", "_time")]
    [InlineData("_raw", "_raw")]
    [InlineData("__mv_user", "__mv_user")]
    [InlineData("AADTenantId", "aad_tenant_id")]
    [InlineData("userId2", "user_id2")]
    [InlineData("UserAgent", "user_agent")]
    [InlineData("IPAddress", "ip_address")]
    [InlineData("Client_IPAddress", "client_ip_address")]
    [InlineData("IPv4Address", "ipv4_address")]
    [InlineData("ObjectIDs", "object_ids")]
    [InlineData("CreatedProcessFileSha1", "created_process_file_sha1")]
    [InlineData("Sha1Hash", "sha1_hash")]
    [InlineData("OrganizationId_", "organization_id")]
    [InlineData("ProcessingTimeInMilliseconds", "processing_time_in_milliseconds")]
    [InlineData("Größe in KB", "größe_in_kb")]
    [InlineData("ÜberÄnderung", "über_änderung")]
    [InlineData("ИмяФайла", "имя_файла")]
    [InlineData("日付", "日付")]
    [InlineData("हिन्दी", "हिन्दी")]
    [InlineData("a\"; DROP TABLE x; --\u0000\u001b[31m", "a_drop_table_x_31m")]
    [InlineData("a\u202eb\ud800c", "a_b_c")]
    [InlineData("", "")]
    [InlineData("***", "")]
    [InlineData("_", "")]
    public void Clean_Name_IsSnakeCase(string original, string expected) => Assert.Equal(expected, ColumnNames.Clean(original));

    [Fact]
    public void Clean_LongName_IsCut() => Assert.InRange(ColumnNames.Clean(new string('a', 5000)).Length, 1, 121);

    [Fact]
    public void Unique_SameNames_GetNumbers()
    {
        string[] names = ColumnNames.Unique(["userId", "UserID", "", "user_id", "source_id", "Row ID", "%"], keepNames: false, []);
        Assert.Equal(["user_id", "user_id_2", "column_3", "user_id_3", "source_id_2", "row_id_2", "column_7"], names);
    }

    [Fact]
    public void Unique_KeepNames_ChangesOnlyWhatCollides() =>
        Assert.Equal(["User Id", "user id_2", "x_2", "column_4"], ColumnNames.Unique(["User Id", "user id", "x", ""], keepNames: true, ["X"]));

    [Theory]
    [InlineData("_time", true)]
    [InlineData("_indextime", true)]
    [InlineData("TimeGenerated [UTC]", true)]
    [InlineData("createdDateTime", true)]
    [InlineData("created_at", true)]
    [InlineData("timestamp", true)]
    [InlineData("ts", true)]
    [InlineData("eventTime", true)]
    [InlineData("lastTime", true)]
    [InlineData("max(_time)", true)]
    [InlineData("@timestamp", true)]
    [InlineData("timestamp_ms", true)]
    [InlineData("timeendpos", false)]
    [InlineData("timestartpos", false)]
    [InlineData("date_hour", false)]
    [InlineData("date_mday", false)]
    [InlineData("date_minute", false)]
    [InlineData("date_month", false)]
    [InlineData("date_second", false)]
    [InlineData("date_wday", false)]
    [InlineData("date_year", false)]
    [InlineData("date_zone", false)]
    [InlineData("runtime", false)]
    [InlineData("uptime", false)]
    [InlineData("timezone", false)]
    [InlineData("time_taken", false)]
    [InlineData("response_time", false)]
    [InlineData("ProcessingTimeInMilliseconds", false)]
    [InlineData("DurationMs", false)]
    [InlineData("UserId", false)]
    public void Hint_Name_IsTimeLike(string name, bool expected) => Assert.Equal(expected, ColumnHint.For(name, new TypingOptions()).TimeLike);

    [Fact]
    public void Hint_NamedByUser_IsTimeLike() =>
        Assert.True(ColumnHint.For("when", new TypingOptions { TimeColumns = ["when"] }).TimeLike);
}
