using System.Collections.Immutable;
using System.Security;
using System.Text;
using CiCost.Domain.Attribution;
using CiCost.Domain.Files;
using CiCost.Domain.Lines;
using CiCost.Policy.Reading;

namespace CiCost.Policy;

/// <summary>Reads a policy and checks it. Every mistake is found at once; a policy with a mistake is never used.</summary>
public static class PolicyLoader
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Reads the policy in a directory: its <c>*.yaml</c> files and those under <c>attribution/</c>.</summary>
    /// <exception cref="PolicyException">The policy has mistakes, or cannot be read.</exception>
    public static PolicySet Load(string directory)
    {
        ArgumentNullException.ThrowIfNull(directory);
        var errors = new ErrorList();
        var files = ReadFiles(directory, errors);
        return errors.Any ? throw new PolicyException(errors.Sorted()) : Parse(files);
    }

    /// <summary>The content hash that the policy in a directory has if it is sound; its rules are not read.</summary>
    /// <exception cref="PolicyException">The directory cannot be read.</exception>
    public static string HashOf(string directory)
    {
        ArgumentNullException.ThrowIfNull(directory);
        var errors = new ErrorList();
        var files = ReadFiles(directory, errors);
        return errors.Any
            ? throw new PolicyException(errors.Sorted())
            : PolicyHash.Of(files.OrderBy(file => file.Name, StringComparer.Ordinal).Select(PolicyHash.Normalised));
    }

    /// <summary>The content hash of texts, such as those of a version that the books have kept; their rules are not read.</summary>
    public static string HashOf(IReadOnlyList<PolicyFile> files)
    {
        ArgumentNullException.ThrowIfNull(files);
        return PolicyHash.Of(files.OrderBy(file => file.Name, StringComparer.Ordinal).Select(PolicyHash.Normalised));
    }

    /// <summary>Reads a policy from texts, such as a version that the books have kept.</summary>
    /// <exception cref="PolicyException">The policy has mistakes.</exception>
    public static PolicySet Parse(IReadOnlyList<PolicyFile> files) => Parse(files, new ErrorList());

    /// <summary>Reads a policy that was checked before: the books keep no other. Leaves out what only finds mistakes, and compiles
    /// patterns when they are first used.</summary>
    /// <exception cref="PolicyException">The policy has mistakes all the same: it was not kept by this program.</exception>
    public static PolicySet ParseChecked(IReadOnlyList<PolicyFile> files) => Parse(files, new ErrorList(isChecked: true));

    private static PolicySet Parse(IReadOnlyList<PolicyFile> files, ErrorList errors)
    {
        ArgumentNullException.ThrowIfNull(files);
        if (files.Count > PolicyLimits.Files)
        {
            errors.In("").Add(0, 0, PolicyErrorCode.TooMany,
                $"The policy has {files.Count} files, the limit is {PolicyLimits.Files}. Merge some.");
            throw new PolicyException(errors.Sorted());
        }

        var sorted = files.OrderBy(file => file.Name, StringComparer.Ordinal).Select(PolicyHash.Normalised).ToImmutableArray();
        var texts = new PolicyTexts(sorted, errors);
        var words = new VocabularyReader(texts);
        words.Read();
        var conditions = new ConditionReader(words.Dimensions);
        var accountsReader = new AccountsReader(words, conditions);
        var accounts = accountsReader.Read();
        var coverage = new CoverageReader(words, accountsReader.Ids);
        var domains = coverage.Read();
        var rulesReader = new RulesReader(texts, words, accountsReader.Ids, coverage.Ids, conditions);
        var rules = rulesReader.Read(errors);
        var funding = new FundingReader(texts, words, accountsReader.Ids, rulesReader.RuleIds, conditions);
        var ruleSet = new RuleSet(rules, funding.Read(errors));
        var notice = texts.Has(PolicyTexts.Notice) && texts.Open(PolicyTexts.Notice, Shape.NoticeFile) is var (file, _)
            ? file.Text("notice")?.Value
            : null;
        var rates = new RatesReader(texts, words, new Fleets(domains, accounts, coverage.Entries)).Read();
        var splits = new SplitsReader(texts, words, rulesReader.RequireValue).Read();
        if (errors.Any)
        {
            throw new PolicyException(errors.Sorted());
        }

        return new PolicySet
        {
            Organisations = words.Organisations,
            Accounts = accounts,
            Projects = words.Projects,
            Components = words.Components,
            Architectures = words.Architectures,
            Domains = domains,
            Grants = funding.Grants,
            Prepaid = funding.Prepaid,
            BooksNotice = notice,
            Rates = rates,
            Splits = splits,
            DimensionOptions = words.Dimensions ?? DimensionOptions.None,
            RequiredAttributes = words.RequiredAttributes,
            RuleSet = ruleSet,
            CoverageEntries = coverage.Entries,
            Attributor = new Attributor(ruleSet),
            Coverage = new Coverage(coverage.Entries),
            Notices = [.. accountsReader.Notices],
            ContentHash = PolicyHash.Of(sorted),
            Files = sorted,
        };
    }

    private static List<PolicyFile> ReadFiles(string directory, ErrorList errors)
    {
        var files = new List<PolicyFile>();
        if (!Directory.Exists(directory))
        {
            errors.In(directory).Add(0, 0, PolicyErrorCode.NoPolicy,
                "There is no such directory. Give the policy's directory with --policy.");
            return files;
        }

        try
        {
            var options = new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = 2, IgnoreInaccessible = false };
            var paths = Directory.EnumerateFiles(directory, "*", options)
                .Where(path => Path.GetExtension(path).ToUpperInvariant() is ".YAML" or ".YML")
                .Take(PolicyLimits.Files + 1);
            foreach (var path in paths)
            {
                var name = Path.GetRelativePath(directory, path).Replace(Path.DirectorySeparatorChar, '/');
                if (ReadText(path, errors.In(name)) is { } text)
                {
                    files.Add(new PolicyFile(name, text));
                }
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or SecurityException)
        {
            errors.In(directory).Add(0, 0, PolicyErrorCode.Unreadable,
                $"The directory cannot be read: {e.Message} Correct its permissions.");
        }

        return files;
    }

    /// <summary>A file as strict UTF-8; null when it cannot be read, and the mistake is listed.</summary>
    internal static string? ReadText(string path, FileErrors errors)
    {
        try
        {
            if (FileKind.OtherThanFile(path) is { } other)
            {
                errors.Add(0, 0, PolicyErrorCode.Unreadable, $"This is {other}, not a file. Put the file itself there.");
                return null;
            }

            using var stream = File.OpenRead(path);
            var bytes = new byte[PolicyLimits.FileLength + 1];
            var length = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            if (length > PolicyLimits.FileLength)
            {
                errors.Add(0, 0, PolicyErrorCode.TooLarge, $"The file has more than {PolicyLimits.FileLength} bytes. Split it.");
                return null;
            }

            return StrictUtf8.GetString(bytes, 0, length);
        }
        catch (DecoderFallbackException)
        {
            errors.Add(0, 0, PolicyErrorCode.Unreadable, "The file is not UTF-8. Save it as UTF-8.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or SecurityException)
        {
            errors.Add(0, 0, PolicyErrorCode.Unreadable, $"The file cannot be read: {e.Message} Correct its permissions.");
        }

        return null;
    }
}
