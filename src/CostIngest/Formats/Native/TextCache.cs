using CiCost.CostIngest.Formats.Csv;
using CiCost.Domain.Lines;

namespace CiCost.CostIngest.Formats.Native;

/// <summary>Keeps texts that were decoded before, by the hash of their bytes; begins anew when it is full.</summary>
internal sealed class TextCache
{
    private const int MostTexts = 1 << 16;
    private readonly Dictionary<Hash128, string> _texts = [];

    /// <summary>Decodes UTF-8; false when it is none.</summary>
    public bool TryGet(ReadOnlySpan<byte> utf8, out string text)
    {
        var key = Hash128.Seed.Append(utf8);
        if (_texts.TryGetValue(key, out text!))
        {
            return true;
        }

        if (!CsvText.TryDecode(utf8, out text))
        {
            return false;
        }

        if (_texts.Count == MostTexts)
        {
            _texts.Clear();
        }

        _texts.Add(key, text);
        return true;
    }
}
