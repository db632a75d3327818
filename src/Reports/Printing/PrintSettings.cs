namespace CiCost.Reports.Printing;

/// <summary>How reports are printed. Every setting has a default that is right on Debian.</summary>
public sealed record PrintSettings
{
    /// <summary>
    /// The browser's file. If not set, <c>chromium-headless-shell</c> and then <c>chromium</c> are looked for on the PATH.
    /// </summary>
    public string? BrowserPath { get; init; }

    /// <summary>The user that the browser runs as when the caller is root; otherwise it runs as the caller.</summary>
    public string UnprivilegedUser { get; init; } = "nobody";

    /// <summary>Is the browser's sandbox on? Turn it off only where the kernel or the container does not allow one.</summary>
    public bool IsSandboxed { get; init; } = true;

    /// <summary>The longest time for one report, browser start included.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The folder that gets one private folder for each run; the unprivileged user must be able to write there.</summary>
    public string TemporaryFolder { get; init; } = Path.GetTempPath();
}
