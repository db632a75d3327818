using System.Diagnostics;
using System.Globalization;

namespace CiCost.Reports.Printing;

/// <summary>
/// The command that starts the browser: its flags, its user, its private folder, and its pipe at file descriptors 3 and 4.
/// </summary>
internal static class BrowserCommand
{
    public const string ProfilePrefix = "report-chromium-";

    // .NET can hand over descriptors 0 to 2 only, so the shell moves them to where the browser expects its pipe.
    // The folder is made here, by the user who will write in it, and mkdir refuses one that somebody else made first.
    private const string Script =
        """umask 077; mkdir "$1" || exit 73; HOME="$1"; export HOME; browser="$2"; shift 2; """
        + """exec "$browser" "$@" 3<&0 4>&1 0</dev/null 1>&2""";

    private static readonly string[] Flags =
    [
        "--headless", "--disable-gpu", "--no-first-run", "--no-default-browser-check", "--disable-extensions", "--disable-component-update",
        "--disable-background-networking", "--disable-sync", "--disable-default-apps", "--disable-breakpad", "--disable-dev-shm-usage",
        "--hide-scrollbars", "--mute-audio", "--host-resolver-rules=MAP * ~NOTFOUND", "--font-render-hinting=none",
        "--force-color-profile=srgb", "--lang=en-US", "--remote-debugging-pipe",
    ];

    public static ProcessStartInfo Of(PrintSettings settings, string browser, string profile, bool isRoot)
    {
        List<string> words = [];
        if (isRoot && settings.IsSandboxed)
        {
            var (user, group) = UserOf(settings.UnprivilegedUser, File.ReadLines("/etc/passwd"));
            words.AddRange(["setpriv", $"--reuid={user}", $"--regid={group}", "--clear-groups", "--"]);
        }

        words.AddRange(["/bin/sh", "-c", Script, "sh", profile, browser, .. Flags, $"--user-data-dir={profile}"]);
        if (!settings.IsSandboxed)
        {
            words.Add("--no-sandbox");
        }

        words.Add("about:blank");
        var start = new ProcessStartInfo(words[0], words.Skip(1))
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            // The caller's own folder may be closed to the unprivileged user.
            WorkingDirectory = "/",
        };
        start.Environment["LANG"] = "C.UTF-8";
        start.Environment["TZ"] = "UTC";
        return start;
    }

    internal static (int User, int Group) UserOf(string name, IEnumerable<string> passwd)
    {
        foreach (var fields in passwd.Select(l => l.Split(':')).Where(f => f.Length >= 4 && f[0] == name))
        {
            var user = int.Parse(fields[2], NumberStyles.None, CultureInfo.InvariantCulture);
            return user == 0
                ? throw new PrintException(PrintFailure.BrowserDidNotStart,
                    $"'{name}' is root: the browser must run as a user without rights.")
                : (user, int.Parse(fields[3], NumberStyles.None, CultureInfo.InvariantCulture));
        }

        throw new PrintException(
            PrintFailure.BrowserDidNotStart, $"There is no user '{name}' to run the browser as: name one that exists, without rights.");
    }
}
