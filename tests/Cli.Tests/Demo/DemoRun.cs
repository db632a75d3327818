using System.IO.Compression;
using System.Text;
using CiCost.Cli.Demo;
using CiCost.Cli.Tests.Running;
using CiCost.TestKit;

namespace CiCost.Cli.Tests.Demo;

/// <summary>Demonstration files in a folder of their own, read back with nothing of the program.</summary>
internal sealed class DemoRun : IDisposable
{
    private readonly TempFolder _folder = new();

    public DemoRun(int seed = 1, int scale = 1, string first = "2026-07", string last = "2026-07")
    {
        Plan = DemoBooks.Write(new DemoOptions
        {
            OutputDirectory = Root,
            FactsDirectory = Facts,
            Seed = seed,
            Scale = scale,
            FirstMonth = DemoMonth.Parse(first),
            LastMonth = DemoMonth.Parse(last),
        });
    }

    public static string Facts { get; } = PublishedProgram.File("demo", "facts");

    public DemoPlan Plan { get; }

    public string Root => _folder.File("demo");

    /// <summary>The fields of a record by the name of the column, for each record of a CSV text.</summary>
    public static IEnumerable<Dictionary<string, string>> Csv(string path)
    {
        using var reader = new StreamReader(Open(path), Encoding.UTF8);
        var header = Fields(reader.ReadLine()!);
        while (reader.ReadLine() is { } line)
        {
            var fields = Fields(line);
            Assert.That(fields, Has.Count.EqualTo(header.Count), line);
            yield return header.Zip(fields).ToDictionary(f => f.First, f => f.Second, StringComparer.Ordinal);
        }
    }

    public static IEnumerable<Dictionary<string, string>> Fact(string name) => Csv(Path.Combine(Facts, name));

    public static Stream Open(string path) => path.EndsWith(".gz", StringComparison.Ordinal)
        ? new GZipStream(File.OpenRead(path), CompressionMode.Decompress)
        : File.OpenRead(path);

    public string Full(string path) => Path.Combine(Root, path);

    public string Text(string path) => File.ReadAllText(Full(path));

    /// <summary>The rows of what was delivered last for a month.</summary>
    public IEnumerable<Dictionary<string, string>> LastDelivery(string source, string month) =>
        Plan.Deliveries.Last(d => d.Source == source && d.Month == month).Files.SelectMany(f => Csv(Full(f)));

    public IEnumerable<string> Files(string pattern) => Directory.EnumerateFiles(Root, pattern, SearchOption.AllDirectories).Order();

    public void Dispose() => _folder.Dispose();

    private static List<string> Fields(string line)
    {
        var fields = new List<string>();
        for (var at = 0; at <= line.Length;)
        {
            if (at < line.Length && line[at] == '"')
            {
                var end = line.IndexOf('"', at + 1);
                while (end + 1 < line.Length && line[end + 1] == '"')
                {
                    end = line.IndexOf('"', end + 2);
                }

                fields.Add(line[(at + 1)..end].Replace("\"\"", "\"", StringComparison.Ordinal));
                at = end + 2;
            }
            else
            {
                var end = line.IndexOf(',', at) is var comma && comma < 0 ? line.Length : comma;
                fields.Add(line[at..end]);
                at = end + 1;
            }
        }

        return fields;
    }
}
