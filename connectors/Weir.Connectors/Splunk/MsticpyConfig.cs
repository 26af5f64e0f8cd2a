using Weir.Engine;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Weir.Connectors;

/// <summary>The Splunk part of a <c>msticpyconfig.yaml</c>: <c>DataProviders: Splunk: Args</c>, with values or <c>EnvironmentVar</c> references.</summary>
internal sealed class MsticpyConfig
{
    private readonly Dictionary<string, string> values = new(StringComparer.OrdinalIgnoreCase);

    private MsticpyConfig(string path) => Path = path;

    public string Path { get; }

    public string? User => values.GetValueOrDefault("username");

    public string? Password => values.GetValueOrDefault("password");

    public string? Token => values.GetValueOrDefault("bearer_token") ?? values.GetValueOrDefault("splunkToken") ?? values.GetValueOrDefault("token");

    public string? App => values.GetValueOrDefault("app");

    public string? Owner => values.GetValueOrDefault("owner");

    /// <summary>The server's address; null where no host stands there.</summary>
    public string? Url => values.GetValueOrDefault("host") is not { Length: > 0 } host ? null
        : host.Contains("://", StringComparison.Ordinal) ? host : $"{values.GetValueOrDefault("http_scheme") ?? values.GetValueOrDefault("scheme") ?? "https"}://{host}:{values.GetValueOrDefault("port") ?? "8089"}";

    /// <param name="path">The file.</param>
    /// <param name="environment">Looks a variable up.</param>
    /// <exception cref="WeirException">It cannot be read, or names a variable that is not set.</exception>
    public static MsticpyConfig Read(string path, Func<string, string?> environment)
    {
        var config = new MsticpyConfig(path);
        try
        {
            using StreamReader text = File.OpenText(path);
            var yaml = new YamlStream();
            yaml.Load(text);
            YamlNode? args = yaml.Documents.Count == 0 ? null : Child(Child(Child(yaml.Documents[0].RootNode, "DataProviders"), "Splunk"), "Args");
            if (args is not YamlMappingNode map)
                throw new WeirException(path, "it has no DataProviders: Splunk: Args", "the connection of Splunk as MSTICPy keeps it", "Add it, or give --url and --user.");
            foreach ((YamlNode key, YamlNode value) in map)
            {
                if (value is YamlScalarNode { Value: { } literal })
                    config.values[key.ToString()] = literal;
                else if (Child(value, "EnvironmentVar") is YamlScalarNode { Value: { } variable })
                    config.values[key.ToString()] = environment(variable) ?? throw new WeirException(path, $"'{key}' is kept in the environment variable {variable}, which is not set", "", $"Set {variable}.");
                else if (Child(value, "KeyVault") is not null)
                    throw new WeirException(path, $"'{key}' is kept in a key vault, which weir does not ask", "a value or an EnvironmentVar", "Put it into an environment variable.");
            }
        }
        catch (YamlException e)
        {
            throw new WeirException(path, $"it is no YAML: line {e.Start.Line}", "a msticpyconfig.yaml", "Correct it, or give --url and --user.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new WeirException(path, "it cannot be read", "a msticpyconfig.yaml", "Check --config and $MSTICPYCONFIG.", e);
        }

        return config;
    }

    private static YamlNode? Child(YamlNode? node, string key) =>
        node is YamlMappingNode map ? map.Children.FirstOrDefault(c => c.Key is YamlScalarNode name && string.Equals(name.Value, key, StringComparison.OrdinalIgnoreCase)).Value : null;
}
