using System.Globalization;
using System.IO.Compression;

namespace CiCost.CostIngest.Sources.GitHub;

/// <summary>
/// The jobs of completed runs, a file per run: they are never asked for twice, also when a run of the program ends in the middle of a
/// day. It saves requests, and nothing depends on it.
/// </summary>
internal sealed class JobShelf(string folder)
{
    /// <summary>The shelf of a day, with what stands on it.</summary>
    public ShelfDay Open(string repository, DateOnly day) => new(
        Path.Combine(folder, repository.Replace('/', '~'), day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)));

    /// <summary>Removes days before another.</summary>
    public void Prune(DateOnly before)
    {
        if (!Directory.Exists(folder))
        {
            return;
        }

        foreach (var day in Directory.EnumerateDirectories(folder).SelectMany(Directory.EnumerateDirectories).ToList())
        {
            if (DateOnly.TryParseExact(Path.GetFileName(day), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var of)
                && of < before)
            {
                Directory.Delete(day, recursive: true);
            }
        }
    }

    /// <summary>A day's shelf. A file's name says which state of the run it holds and how many jobs.</summary>
    internal sealed class ShelfDay
    {
        private readonly string _folder;
        private readonly Dictionary<string, string> _files = new(StringComparer.Ordinal);

        public ShelfDay(string folder)
        {
            _folder = folder;
            if (Directory.Exists(folder))
            {
                foreach (var path in Directory.EnumerateFiles(folder, "*.gz"))
                {
                    var name = Path.GetFileName(path);
                    _files[name[..(name.LastIndexOf('.', name.Length - ".gz".Length - 1) + 1)]] = path;
                }
            }
        }

        /// <summary>The lines of a completed run's jobs; null when they are not here.</summary>
        public IReadOnlyList<byte[]>? Find(WorkflowRun run)
        {
            if (!_files.TryGetValue(NameOf(run), out var path))
            {
                return null;
            }

            if (TryRead(path) is { } lines)
            {
                return lines;
            }

            File.Delete(path);
            return null;
        }

        public void Store(WorkflowRun run, IReadOnlyList<byte[]> lines)
        {
            Directory.CreateDirectory(_folder);
            var path = Path.Combine(_folder, string.Create(CultureInfo.InvariantCulture, $"{NameOf(run)}{lines.Count}.gz"));
            var temporary = path + ".new";
            using (var gzip = new GZipStream(new FileStream(temporary, FileMode.Create, FileAccess.Write), CompressionLevel.Fastest))
            {
                foreach (var line in lines)
                {
                    gzip.Write(line);
                    gzip.Write("\n"u8);
                }
            }

            File.Move(temporary, path, overwrite: true);
        }

        private static List<byte[]>? TryRead(string path)
        {
            var name = Path.GetFileName(path);
            var count = int.Parse(name.Split('.')[^2], CultureInfo.InvariantCulture);
            try
            {
                using var gzip = new GZipStream(File.OpenRead(path), CompressionMode.Decompress);
                using var memory = new MemoryStream();
                gzip.CopyTo(memory);
                var text = memory.GetBuffer().AsSpan(0, (int)memory.Length);
                List<byte[]> lines = [];
                while (text.IndexOf((byte)'\n') is >= 0 and var end)
                {
                    lines.Add(text[..end].ToArray());
                    text = text[(end + 1)..];
                }

                return text.Length == 0 && lines.Count == count ? lines : null;
            }
            catch (InvalidDataException)
            {
                // Damaged: the caller asks GitHub again.
                return null;
            }
        }

        private static string NameOf(WorkflowRun run) => string.Create(CultureInfo.InvariantCulture,
            $"{run.Id}.{run.Attempt}.{string.Concat(run.UpdatedAt.Where(char.IsAsciiDigit))}.");
    }
}
