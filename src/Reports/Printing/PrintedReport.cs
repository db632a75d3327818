using System.Collections.Immutable;

namespace CiCost.Reports.Printing;

/// <summary>A printed report.</summary>
/// <param name="Pdf">The file.</param>
/// <param name="PageCount">How many pages it has.</param>
/// <param name="BrowserVersion">What printed it, for example <c>HeadlessChrome/156.0.8078.79</c>. Another version gives other
/// bytes.</param>
/// <param name="Sha256Hex">The hash of the file, lower-case.</param>
public sealed record PrintedReport(ImmutableArray<byte> Pdf, int PageCount, string BrowserVersion, string Sha256Hex);
