namespace Weir.Perf.Data;

/// <summary>Small sets of texts; an entry that stands twice is drawn twice as often.</summary>
internal static class Lists
{
    public static readonly Dictionary<string, string[]> ByName = new()
    {
        ["app"] = ["Office 365 Exchange Online", "Microsoft Teams", "Azure Portal", "SharePoint Online", "Microsoft Office", "My Apps", "Power BI, Service", "Salesforce"],
        ["status"] = ["Success", "Success", "Success", "Success", "Failure", "Interrupted", "Failure: 50126", "Success"],
        ["os"] = ["Windows 10", "Windows 11", "MacOs", "iOS 17.4", "Android 14", "Linux"],
        ["browser"] = ["Edge 122.0.0", "Chrome 121.0.0", "Firefox 123.0", "Mobile Safari", "Rich Client 5.2.8"],
        ["truth"] = ["true", "false"],
        ["Truth"] = ["True", "False"],
        ["risk"] = ["none", "none", "low", "medium"],
        ["error"] = ["0", "0", "0", "50126", "53003", "50074"],
        ["reason"] = ["Other.", "Invalid username or password.", "Blocked by \\\"Conditional Access\\\"."],
        ["access"] = ["success", "notApplied", "failure"],
        ["city"] = ["Berlin", "Zürich", "München", "London", "Dublin", "Kraków"],
        ["country"] = ["DE", "CH", "GB", "IE", "PL"],
        ["mail"] = ["Send", "MailItemsAccessed", "New-InboxRule", "SoftDelete"],
        ["subject"] = ["Invoice 2024-118 attached", "RE: forecast", "Your mailbox is almost full", "Minutes", "FW: contract draft v7", "Action required: verify your account", "Weekly report"],
        ["file"] = ["FileAccessed", "FileDownloaded", "FileModified", "FileUploaded"],
        ["stem"] = ["Plan", "Budget", "Report"],
        ["path"] = ["auth", "share", "wp-content", "o365"],
        ["image"] = [@"C:\Windows\System32\svchost.exe", @"C:\Windows\System32\cmd.exe", @"C:\Windows\explorer.exe", @"C:\Program Files\Mozilla Firefox\firefox.exe",
            @"C:\Windows\System32\rundll32.exe", @"C:\Windows\System32\WindowsPowerShell\v1.0\powershell.exe", @"C:\Users\Public\Downloads\setup.exe", @"C:\ProgramData\agent\agentsvc.exe"],
        ["switch"] = ["-k netsvcs -p", @"/c dir C:\Temp", "--type=renderer", "/quiet /norestart"],
        ["flag"] = ["EncodedCommand", "enc", "e"],
        ["port"] = ["443", "4444", "8080", "53"],
        ["code"] = ["4624", "4625", "4672"],
        ["logon"] = ["2", "3", "10"],
    };

    public static byte[][] Split(string words) => [.. words.Split(' ').Select(Utf8Text.Encode)];

    public static byte[][] Encode(string name) => [.. ByName[name].Select(Utf8Text.Encode)];
}
