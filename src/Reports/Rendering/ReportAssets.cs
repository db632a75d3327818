using System.Text;

namespace CiCost.Reports.Rendering;

/// <summary>The style sheets and fonts, from inside the assembly: a report needs no file and no network.</summary>
public static class ReportAssets
{
    /// <summary>A file by its path under <c>wwwroot</c>, for example <c>fonts/source-sans-3-latin-400-normal.woff2</c>.</summary>
    /// <exception cref="InvalidOperationException">There is no such file: a bug in the build.</exception>
    public static byte[] Bytes(string path)
    {
        using var stream = typeof(ReportAssets).Assembly.GetManifestResourceStream("asset/" + path)
            ?? throw new InvalidOperationException($"The report's assembly has no '{path}': build src/Reports again.");
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }

    /// <summary>The same as text.</summary>
    public static string Text(string path) => Encoding.UTF8.GetString(Bytes(path)).ReplaceLineEndings("\n");
}
