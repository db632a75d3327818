namespace CiCost.Cli.Output;

/// <summary>Writes the one document that <c>--json</c> promises on standard output.</summary>
internal static class JsonDocumentWriter
{
    public static void Write(object document) => Console.Out.WriteLine(JsonDocuments.Text(document));
}
