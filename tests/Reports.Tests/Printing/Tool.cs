using System.Diagnostics;

namespace CiCost.Reports.Tests.Printing;

/// <summary>Runs a program of poppler-utils on a PDF. A missing one fails the test: install the Debian package poppler-utils.</summary>
internal static class Tool
{
    public static async Task<string> OnPdfAsync(string program, IEnumerable<byte> pdf, params string[] words)
    {
        var file = Path.Combine(Path.GetTempPath(), $"cicost-test-{Guid.NewGuid():N}.pdf");
        await File.WriteAllBytesAsync(file, [.. pdf]);
        try
        {
            var start = new ProcessStartInfo(program, words.Select(w => w == "FILE" ? file : w))
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true
            };
            using var process = Process.Start(start)!;
            var error = process.StandardError.ReadToEndAsync();
            var output = await process.StandardOutput.ReadToEndAsync();
            await process.WaitForExitAsync();
            return process.ExitCode == 0 ? output : throw new AssertionException($"{program} ended with {process.ExitCode}: {await error}");
        }
        finally
        {
            File.Delete(file);
        }
    }
}
