using CiCost.CostIngest.Sources;

namespace CiCost.CostIngest.Tests.Sources.Aws;

/// <summary>What sources at AWS need of a rig: keys in files.</summary>
internal static class AwsRig
{
    public static SourceRig New() => new("2026-07-16T12:00:00Z", SourceRig.OfDownloads);

    /// <summary>Settings of the keys; the secret stands in a file.</summary>
    public static string Keys(this SourceRig rig, string id = "AKIATEST", string secret = "test-secret", string? token = null)
    {
        string File(string value) => rig.Folder.Write($"secrets/{Guid.NewGuid():N}", value);
        var text = $"\n    accessKeyId: file:{File(id)}\n    secretAccessKey: file:{File(secret)}";
        return token is null ? text : $"{text}\n    sessionToken: file:{File(token)}";
    }

    /// <summary>The error that fetching ends with; it tells no secret.</summary>
    public static SourceException FetchError(this SourceRig rig, ISource source, Offer offer)
    {
        var error = Assert.ThrowsAsync<SourceException>(() => rig.FetchAsync(source, offer));
        Assert.That(error.ToString(), Does.Not.Contain("test-secret"));
        return error;
    }
}
