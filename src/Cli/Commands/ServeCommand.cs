using System.CommandLine;
using System.Net;
using CiCost.Cli.Hosting;
using CiCost.Cli.Output;
using CiCost.CostApi;
using CiCost.CostApi.Webhooks;
using CiCost.Ledger;
using CiCost.Ledger.Objects;
using CiCost.Policy.Sources;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace CiCost.Cli.Commands;

/// <summary><c>cicost serve</c>: the start page and the JSON API over HTTP, until it is stopped.</summary>
internal static class ServeCommand
{
    private const int LeastThreads = 32;

    public static Command Create(GlobalOptions global)
    {
        var address = new Option<string?>("--address")
        {
            Description = "Where to listen. There is no access control: keep it on this machine, or behind a proxy that has some.",
            HelpName = "URL",
        };
        var openToAll = new Option<bool>("--allow-remote")
        {
            Description = "Listen on an address that other machines reach, although everybody who reaches it sees every figure.",
        };
        var allowedHosts = new Option<string[]>("--allowed-host")
        {
            Description = "A name under which the server answers beside localhost, 127.0.0.1 and [::1]: that of the proxy before it.",
            HelpName = "NAME",
            AllowMultipleArgumentsPerToken = true,
        };
        var logFormat = new Option<string?>("--log-format")
        {
            Description = "How the log on standard error looks: text (default) or json.",
            HelpName = "FORMAT",
        };
        logFormat.AcceptOnlyFromAmong("text", "json");
        var logLevel = new Option<string?>("--log-level")
        {
            Description = "The least level that is logged: warning (default), information (a line for every request and pull) or debug.",
            HelpName = "LEVEL",
        };
        logLevel.AcceptOnlyFromAmong("warning", "information", "debug");
        var reports = new Option<string?>("--reports")
        {
            Description = "The folder of board reports to link and serve, board-YYYY-MM.pdf and .html.",
            HelpName = "DIR"
        };
        var notice = new Option<string?>("--notice")
        {
            Description = "A notice that stands on every page and in a header of every answer, for example on demonstration data.",
            HelpName = "TEXT"
        };
        var command = new Command("serve",
            "Serve the start page, the JSON API and the reports over HTTP, and pull the sources on schedule, until stopped.")
        {
            address,
            openToAll,
            allowedHosts,
            logFormat,
            logLevel,
            reports,
            notice
        };
        command.SetAction(async (parse, cancellationToken) =>
        {
            var configuration = Configuration.Read(Directory.GetCurrentDirectory());
            var serve = configuration.Serve;
            var listen = parse.GetValue(address) ?? serve.Address;
            var isOpenToAll = parse.GetValue(openToAll) || serve.AllowRemote;
            RequireThisMachine(listen, isOpenToAll);
            if (serve.GroupReadable)
            {
                FileModes.LetGroupRead();
            }

            var options = new ApiHostOptions
            {
                Database = parse.GetValue(global.Database) ?? configuration.Books.Database,
                BusyTimeout = TimeSpan.FromSeconds(configuration.Books.BusyTimeoutSeconds),
                BookingOptions = Session.BookingOptionsOf(configuration.Ingest),
                Address = listen,
                LogFormat = parse.GetValue(logFormat) ?? serve.LogFormat,
                LogLevel = Enum.Parse<LogLevel>(parse.GetValue(logLevel) ?? serve.LogLevel, ignoreCase: true),
                AllowedHosts = parse.GetValue(allowedHosts) is { Length: > 0 } told
                    ? told
                    : serve.AllowedHosts.Split(' ', StringSplitOptions.RemoveEmptyEntries),
                ReportDirectory = parse.GetValue(reports) ?? serve.Reports,
                Notice = parse.GetValue(notice) ?? serve.Notice ?? await NoticeOfAsync(global, parse, configuration, cancellationToken),
                SourcesFile = parse.GetValue(global.Sources) ?? serve.Sources ?? SourcesFile(global, parse),
                GitHubHook = configuration.Webhooks.GitHub is { Secret.Length: > 0 } hook
                    ? new GitHubHookOptions(new SecretReference(hook.Secret), hook.Source)
                    {
                        BookEvery = TimeSpan.FromSeconds(hook.BookEverySeconds),
                    }
                    : null,
            };
            if (options.SourcesFile is not null || options.GitHubHook is not null)
            {
                // What is pulled or received is booked into these, not into new ones beside a mistyped path.
                using var session = await global.OpenAsync(parse, cancellationToken);
                await session.EnsurePolicyAsync(cancellationToken);
            }

            // Readers, pulls and bookings block their threads: requests must not wait until the pool has noticed that.
            ThreadPool.GetMinThreads(out _, out var ports);
            ThreadPool.SetMinThreads(LeastThreads, ports);
            if (isOpenToAll)
            {
                await Console.Error.WriteLineAsync($"warning: {options.Address} may be reached from other machines, and everybody who reaches it reads "
                    + "every figure under the names that are allowed.");
            }

            await using var host = ApiHost.Build(options);
            try
            {
                await host.StartAsync(cancellationToken);
            }
            catch (IOException exception) when (exception.InnerException is AddressInUseException)
            {
                await Console.Error.WriteLineAsync($"{exception.Message} Stop the program that listens there, or name another port with --address "
                    + "(port 0 takes a free one).");
                return ExitCode.Failure;
            }

            Announce(host.Urls.First().TrimEnd('/'), options, global.IsJson(parse));
            await host.WaitForShutdownAsync(cancellationToken);
            return ExitCode.Success;
        });
        return command;
    }

    /// <summary>There is no access control: who reaches the port sees every figure of every donor.</summary>
    private static void RequireThisMachine(string address, bool isOpenToAll)
    {
        if (!isOpenToAll && Uri.TryCreate(address, UriKind.Absolute, out var uri) && IPAddress.TryParse(uri.Host.Trim('[', ']'), out var ip)
            && !IPAddress.IsLoopback(ip))
        {
            throw new BooksException("address-open", $"'{address}' is reached from other machines, and there is no access control: whoever reaches it sees "
                + $"every figure. Listen on {ApiHostOptions.DefaultAddress} behind a proxy that has some, or say --allow-remote.");
        }
    }

    /// <summary>The file that was named, or the one in the working directory when it is there.</summary>
    private static string? SourcesFile(GlobalOptions global, ParseResult parse) =>
        parse.GetValue(global.Sources) ?? (File.Exists(global.SourcesPath(parse)) ? global.SourcesPath(parse) : null);

    /// <summary>What the policy of the books says of them; null for nothing, or for books that are not there yet.</summary>
    private static async Task<string?> NoticeOfAsync(
        GlobalOptions global, ParseResult parse, CiCostOptions configuration, CancellationToken cancellationToken)
    {
        if (!File.Exists(parse.GetValue(global.Database) ?? configuration.Books.Database))
        {
            return null;
        }

        using var session = await global.OpenAsync(parse, cancellationToken);
        return session.Policies.TryCurrent()?.Set.BooksNotice;
    }

    private static void Announce(string address, ApiHostOptions options, bool asJson)
    {
        if (asJson)
        {
            JsonDocumentWriter.Write(new { address, books = Path.GetFullPath(options.Database), sources = options.SourcesFile });
            return;
        }

        Console.Out.WriteLine($"Serving {options.Database}. Open {address}/ for the newest month; the API is under {address}/v1, described "
            + $"in {address}/openapi/v1.json. Ctrl+C stops.");
        if (options.SourcesFile is { } sources)
        {
            Console.Out.WriteLine($"Pulling the sources of {sources} on schedule; 'cicost schedule list' shows when.");
        }

        if (!File.Exists(options.Database))
        {
            Console.Error.WriteLine($"note: {options.Database} is not there yet; it is served as soon as 'cicost ingest' has made it.");
        }
    }
}
