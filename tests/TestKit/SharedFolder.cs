using System.Collections.Concurrent;

namespace CiCost.TestKit;

/// <summary>
/// A folder that is made once in a test process, when the first test asks for it, because making it takes long: demonstration books, a
/// prepared state. Tests read it or work on a copy of their own. Keep it in a static field; the assembly's <c>[SetUpFixture]</c> calls
/// <see cref="RemoveAll"/> at the end.
/// </summary>
/// <param name="make">Fills it. What it throws fails every test that asks.</param>
public sealed class SharedFolder(Func<TempFolder, Task> make)
{
    private static readonly ConcurrentBag<TempFolder> All = [];

    private readonly Lazy<Task<TempFolder>> _folder = new(() => MakeAsync(make));

    /// <summary>Its full path, to be read only.</summary>
    public async Task<string> PathAsync() => (await _folder.Value).FullName;

    /// <summary>A copy of it to write to. Absolute paths inside its files still name the original.</summary>
    public async Task<TempFolder> CopyAsync() => (await _folder.Value).Copy();

    /// <summary>Removes the folders that were made.</summary>
    public static void RemoveAll()
    {
        while (All.TryTake(out var folder))
        {
            folder.Dispose();
        }
    }

    private static async Task<TempFolder> MakeAsync(Func<TempFolder, Task> make)
    {
        var folder = new TempFolder();
        All.Add(folder);
        await make(folder);
        return folder;
    }
}
