using CiCost.Domain.Files;

namespace CiCost.Policy.Sources;

/// <summary>
/// Where a secret stands: <c>env:NAME</c> or <c>file:PATH</c>. The secret itself is read when it is needed and kept nowhere.
/// </summary>
/// <param name="Reference">The place, which may be shown.</param>
public sealed record SecretReference(string Reference)
{
    private const string Env = "env:";
    private const string File = "file:";
    private const int MaxLength = 64 * 1024;

    /// <summary>Is a text a reference? A secret itself is not.</summary>
    public static bool IsReference(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return (text.StartsWith(Env, StringComparison.Ordinal) && text.Length > Env.Length)
            || (text.StartsWith(File, StringComparison.Ordinal) && text.Length > File.Length);
    }

    /// <summary>The secret, without white space around it.</summary>
    /// <exception cref="SecretException">It is not there, or empty.</exception>
    public string Read()
    {
        var secret = Reference.StartsWith(Env, StringComparison.Ordinal)
            ? Environment.GetEnvironmentVariable(Reference[Env.Length..])
            : ReadFile(Reference[File.Length..]);
        return string.IsNullOrWhiteSpace(secret)
            ? throw new SecretException($"The secret {Reference} is not set or empty. Set it where the program runs.")
            : secret.Trim();
    }

    /// <summary>The place, never the secret.</summary>
    public override string ToString() => Reference;

    private string ReadFile(string path)
    {
        try
        {
            if (FileKind.OtherThanFile(path) is { } other)
            {
                throw new SecretException($"The secret {Reference} is {other}, not a file. Name the file that has it.");
            }

            using var reader = new StreamReader(path);
            var buffer = new char[MaxLength + 1];
            var length = reader.ReadBlock(buffer, 0, buffer.Length);
            return length <= MaxLength
                ? new string(buffer, 0, length)
                : throw new SecretException($"The secret {Reference} is longer than {MaxLength} characters: it is some other file.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SecretException($"The secret {Reference} cannot be read: {e.Message}");
        }
    }
}

/// <summary>A secret that cannot be had.</summary>
public sealed class SecretException(string message) : Exception(message);
