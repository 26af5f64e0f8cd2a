using System.CommandLine;
using System.Text;
using Weir.Connectors;
using Weir.Engine;

namespace Weir.Cli.Commands;

/// <summary>Options that say which Splunk server is meant and who asks. Secrets never stand among them: arguments are seen by every process.</summary>
internal sealed class SplunkConnection
{
    private readonly Option<string?> url = new("--url") { Description = "Management address of the server, such as https://splunk.example:8089.", HelpName = "URL" };
    private readonly Option<string?> user = new("--user") { Description = "User to log in as; the password comes from $SPLUNK_PASSWORD, --secret-file or a prompt.", HelpName = "NAME" };
    private readonly Option<string?> tokenEnv = new("--token-env") { Description = "Environment variable that holds a token; $SPLUNK_TOKEN where no user is given.", HelpName = "VAR" };
    private readonly Option<string?> secretFile = new("--secret-file") { Description = "File that holds the password (with --user) or a token; only its owner may read it.", HelpName = "FILE" };
    private readonly Option<string?> config = new("--config") { Description = "A msticpyconfig.yaml; $MSTICPYCONFIG where nothing else is given.", HelpName = "FILE" };
    private readonly Option<bool> basic = new("--basic") { Description = "Send the password with each request instead of a session." };
    private readonly Option<string?> app = new("--app") { Description = "App whose macros, lookups and extractions count.", HelpName = "NAME" };
    private readonly Option<string?> owner = new("--owner") { Description = "Owner of the name space; any by default.", HelpName = "NAME" };
    private readonly Option<string?> proxy = new("--proxy") { Description = "Proxy, http://USER@HOST:PORT with its password in $WEIR_PROXY_PASSWORD; as the environment says by default.", HelpName = "URL" };
    private readonly Option<string?> ca = new("--ca") { Description = "PEM file of the certificate authorities to trust.", HelpName = "FILE" };
    private readonly Option<string?> fingerprint = new("--fingerprint") { Description = "SHA-256 fingerprint of the server's certificate: this one and no other.", HelpName = "HEX" };
    private readonly Option<bool> insecure = new("--insecure") { Description = "Take any certificate, and plain HTTP." };

    public SplunkConnection(Command command)
    {
        foreach (Option option in (Option[])[url, user, tokenEnv, secretFile, config, basic, app, owner, proxy, ca, fingerprint, insecure])
            command.Add(option);
    }

    /// <param name="parsed">The command line.</param>
    /// <param name="error">Takes the question for a password, and that the server went away.</param>
    /// <param name="outageLimit">Longest wait for a server that went away; null: the default.</param>
    /// <exception cref="WeirException">No server or no secret is known.</exception>
    public SplunkClient Open(ParseResult parsed, TextWriter error, TimeSpan? outageLimit = null)
    {
        bool named = parsed.GetValue(url) is not null;
        string? file = parsed.GetValue(config) ?? (named ? null : Variable("MSTICPYCONFIG"));
        MsticpyConfig? known = file is null ? null : MsticpyConfig.Read(file, Variable);
        string address = parsed.GetValue(url) ?? known?.Url ?? throw new WeirException("--url", "no server is named", "https://HOST:8089", "Give its management address with --url, or a msticpyconfig.yaml with --config.");
        var options = new SplunkOptions
        {
            Url = Address("--url", address),
            App = parsed.GetValue(app) ?? known?.App,
            Owner = parsed.GetValue(owner) ?? known?.Owner ?? "-",
            Proxy = parsed.GetValue(proxy) is { } through ? ThroughProxy(through) : null,
            CaFile = parsed.GetValue(ca),
            Fingerprint = parsed.GetValue(fingerprint),
            Insecure = parsed.GetValue(insecure),
        };
        options = outageLimit is { } limit ? options with { OutageLimit = limit } : options;
        return new SplunkClient(options, Credential(parsed, known, error)) { Say = text => error.WriteLine($"weir: {Output.Terminal.Line(text)}") };
    }

    private static Uri ThroughProxy(string text)
    {
        Uri address = Address("--proxy", text);
        if (address.UserInfo.Contains(':', StringComparison.Ordinal))
            throw new WeirException("--proxy", "it holds a password", "http://USER@HOST:PORT", "Give the password in $WEIR_PROXY_PASSWORD: what stands in an address is seen by every process.");
        return address.UserInfo.Length > 0 && Variable("WEIR_PROXY_PASSWORD") is { } password ? new UriBuilder(address) { Password = Uri.EscapeDataString(password) }.Uri : address;
    }

    private static Uri Address(string option, string text) =>
        Uri.TryCreate(text.Contains("://", StringComparison.Ordinal) ? text : "https://" + text, UriKind.Absolute, out Uri? address) && address.Host.Length > 0
            ? address : throw new WeirException(option, "it is no address", "https://HOST:PORT", "Check the spelling.");

    private SplunkCredential Credential(ParseResult parsed, MsticpyConfig? known, TextWriter error)
    {
        string? name = parsed.GetValue(user) ?? (parsed.GetValue(tokenEnv) is null ? known?.User : null);
        if (parsed.GetValue(tokenEnv) is { } variable)
            return SplunkCredential.Token(Variable(variable) ?? throw new WeirException($"--token-env {variable}", "the variable is not set", "a token", $"Set {variable}."));
        string? secret = parsed.GetValue(secretFile) is { } file ? FromFile(file) : null;
        if (name is null)
        {
            return SplunkCredential.Token(secret ?? Variable("SPLUNK_TOKEN") ?? known?.Token
                ?? throw new WeirException("--user", "nobody is named who asks", "a user or a token", "Give --user (its password in $SPLUNK_PASSWORD), or a token in $SPLUNK_TOKEN."));
        }

        secret ??= Variable("SPLUNK_PASSWORD") ?? known?.Password ?? Prompt(name, error);
        return parsed.GetValue(basic) ? SplunkCredential.Basic(name, secret) : SplunkCredential.Password(name, secret);
    }

    private static string? Variable(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;

    private static string FromFile(string path)
    {
        try
        {
            const UnixFileMode others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;
            if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & others) != 0)
                throw new WeirException(path, "others may read it", "a file of mode 0600", "chmod 600 it, and change the secret if somebody could have seen it.");
            string secret = File.ReadAllText(path).TrimEnd('\r', '\n');
            return secret.Length > 0 ? secret : throw new WeirException(path, "it is empty", "a password or a token", "Write the secret into it.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new WeirException(path, "it cannot be read", "a file with the secret", "Check --secret-file.", e);
        }
    }

    private static string Prompt(string user, TextWriter error)
    {
        if (Console.IsInputRedirected || !ReferenceEquals(error, Console.Error))
            throw new WeirException("$SPLUNK_PASSWORD", "no password is known, and there is no terminal to ask at", "a password", "Set SPLUNK_PASSWORD, or give --secret-file.");
        error.Write($"Password of {Output.Terminal.Line(user)}: ");
        var secret = new StringBuilder();
        while (Console.ReadKey(intercept: true) is { Key: not ConsoleKey.Enter } key)
        {
            if (key.Key == ConsoleKey.Backspace)
                secret.Length -= secret.Length > 0 ? 1 : 0;
            else if (key.KeyChar != '\0')
                secret.Append(key.KeyChar);
        }

        error.WriteLine();
        return secret.ToString();
    }
}
