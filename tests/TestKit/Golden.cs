using System.Runtime.CompilerServices;
using System.Text;
using NUnit.Framework;

namespace CiCost.TestKit;

/// <summary>
/// Compares a text with the approved one beside the test's source, <c>NAME.approved.txt</c>. On a difference it writes
/// <c>NAME.received.txt</c> and fails with a unified diff; <c>CICOST_UPDATE_GOLDEN=1</c> accepts, except where <c>CI</c> is set.
/// </summary>
public static class Golden
{
    /// <summary>Fails the test unless the text is the approved one; line ends count as LF.</summary>
    /// <param name="text">What the code made.</param>
    /// <param name="name">The file's name without its ending.</param>
    /// <param name="sourceFile">Set by the compiler.</param>
    public static void Verify(string text, string name, [CallerFilePath] string sourceFile = "") => Verify(
        text,
        name,
        Path.GetDirectoryName(sourceFile)!,
        Environment.GetEnvironmentVariable("CICOST_UPDATE_GOLDEN") == "1",
        !string.IsNullOrEmpty(Environment.GetEnvironmentVariable("CI")));

    /// <summary>The same with everything from the environment given, so that it can be tested.</summary>
    public static void Verify(string text, string name, string folder, bool accept, bool isContinuousIntegration)
    {
        ArgumentNullException.ThrowIfNull(text);
        var approvedFile = Path.Combine(folder, name + ".approved.txt");
        var receivedFile = Path.Combine(folder, name + ".received.txt");
        var received = text.ReplaceLineEndings("\n").TrimEnd('\n') + "\n";
        var approved = File.Exists(approvedFile) ? File.ReadAllText(approvedFile).ReplaceLineEndings("\n") : "";
        if (accept && isContinuousIntegration)
        {
            throw new AssertionException("CICOST_UPDATE_GOLDEN accepts nothing where CI is set: approve elsewhere and commit the file.");
        }

        if (accept || approved == received)
        {
            if (approved != received)
            {
                File.WriteAllText(approvedFile, received);
            }

            File.Delete(receivedFile);
            return;
        }

        File.WriteAllText(receivedFile, received);
        var diff = UnifiedDiff(approved.TrimEnd('\n').Split('\n'), received.TrimEnd('\n').Split('\n'));
        throw new AssertionException($"{name} differs from {name}.approved.txt; accept with CICOST_UPDATE_GOLDEN=1.\n{diff}");
    }

    /// <summary>One hunk from the first to the last differing line with three lines around it: exact, though not minimal.</summary>
    private static string UnifiedDiff(string[] old, string[] @new)
    {
        var shorter = Math.Min(old.Length, @new.Length);
        var head = Enumerable.Range(0, shorter).TakeWhile(i => old[i] == @new[i]).Count();
        var tail = Enumerable.Range(1, shorter - head).TakeWhile(i => old[^i] == @new[^i]).Count();
        var from = Math.Max(0, head - 3);
        var after = Math.Min(3, tail);
        var unseen = tail - after + from;
        var diff = new StringBuilder($"@@ -{from + 1},{old.Length - unseen} +{from + 1},{@new.Length - unseen} @@\n");
        Append(' ', old[from..head]);
        Append('-', old[head..^tail]);
        Append('+', @new[head..^tail]);
        Append(' ', old[^tail..][..after]);
        return diff.ToString();

        void Append(char mark, string[] lines) => diff.AppendJoin("", lines.Select(line => $"{mark}{line}\n"));
    }
}
