using System.Globalization;
using System.Text.Json;

namespace CiCost.CostIngest.Sources.Google;

/// <summary>
/// Asks BigQuery over REST (v2): https://cloud.google.com/bigquery/docs/reference/rest/v2/jobs/query. A query is asked for until it is
/// complete, and its pages are followed to the end; what comes must be as many rows as BigQuery says.
/// </summary>
internal sealed class BigQueryClient(GoogleAccess access, BigQuerySettings settings, TimeProvider time)
{
    private const int PollMilliseconds = 10_000;

    /// <summary>Takes a row: the columns and the row as <c>{"f":[...]}</c>.</summary>
    public delegate void RowTaker(IReadOnlyList<BigQueryField> fields, JsonElement row);

    /// <summary>The columns of the table as it is now.</summary>
    public async Task<IReadOnlyList<BigQueryField>> ColumnsAsync(CancellationToken cancellationToken)
    {
        var http = await access.HttpAsync(cancellationToken).ConfigureAwait(false);
        var address = $"bigquery/v2/projects/{Escape(settings.Project)}/datasets/{Escape(settings.Dataset)}/tables/{Escape(settings.Table)}";
        using var answer = (await http.GetAsync(address, cancellationToken).ConfigureAwait(false)).ReadJson();
        var fields = answer.RootElement.TryGetProperty("schema", out var schema) ? BigQueryField.Read(schema) : [];
        return fields.Count > 0
            ? fields
            : throw new SourceException("bigquery-schema", $"The table {settings.FullName} has no columns yet. Google fills it within two days "
                + "after the export was set up.");
    }

    /// <summary>Runs a query and hands over its rows in their order.</summary>
    /// <returns>How many there were.</returns>
    public async Task<long> QueryAsync(
        string sql, IReadOnlyDictionary<string, string> parameters, RowTaker take, CancellationToken cancellationToken)
    {
        var http = await access.HttpAsync(cancellationToken).ConfigureAwait(false);
        var answer = await http.PostJsonAsync($"bigquery/v2/projects/{Escape(settings.JobProject)}/queries", Request(sql, parameters),
            cancellationToken).ConfigureAwait(false);
        var job = default(Job);
        var tokens = new HashSet<string>(StringComparer.Ordinal);
        var (rows, polls) = (0L, 0);
        IReadOnlyList<BigQueryField> fields = [];
        while (true)
        {
            using var page = answer.ReadJson();
            var root = page.RootElement;
            job = Job.Of(root, settings) ?? job;
            string? token = null;
            if (!IsComplete(root))
            {
                if (++polls > settings.MaxPolls)
                {
                    throw new SourceException("bigquery-slow", $"The query over {settings.FullName} is not complete after {polls - 1} times asking. "
                        + "Run it later, or raise maxPolls.");
                }

                await Task.Delay(access.PollPause, time, cancellationToken).ConfigureAwait(false);
            }
            else
            {
                fields = fields.Count == 0 && root.TryGetProperty("schema", out var schema) ? BigQueryField.Read(schema) : fields;
                rows += TakeRows(root, fields, take);
                token = root.TryGetProperty("pageToken", out var next) && next.GetString() is { Length: > 0 } text ? text : null;
                if (token is null)
                {
                    return Verified(rows, root);
                }

                if (!tokens.Add(token))
                {
                    throw new SourceException("page-repeated", $"BigQuery sent the same page of {settings.FullName} twice. Nothing of it was kept; "
                        + "run it later.");
                }
            }

            answer = await http.GetAsync(PageAddress(job, token), cancellationToken).ConfigureAwait(false);
        }
    }

    private long TakeRows(JsonElement root, IReadOnlyList<BigQueryField> fields, RowTaker take)
    {
        if (!root.TryGetProperty("rows", out var rows))
        {
            return 0;
        }

        try
        {
            foreach (var row in rows.EnumerateArray())
            {
                take(fields, row);
            }

            return rows.GetArrayLength();
        }
        catch (Exception exception) when (exception is InvalidDataException or KeyNotFoundException or InvalidOperationException)
        {
            throw new SourceException("answer-unreadable", $"BigQuery's answer for {settings.FullName} is not as its schema says: "
                + exception.Message, exception);
        }
    }

    private long Verified(long rows, JsonElement root)
    {
        var total = root.TryGetProperty("totalRows", out var text)
            && long.TryParse(text.GetString(), NumberStyles.None, CultureInfo.InvariantCulture, out var said) ? said : -1;
        return total == rows ? rows : throw new SourceException("rows-differ",
            $"BigQuery says that {settings.FullName} has {total} rows for this query, and sent {rows}. Nothing of it was kept; run it later.");
    }

    private static bool IsComplete(JsonElement root) =>
        root.TryGetProperty("jobComplete", out var complete) && complete.ValueKind == JsonValueKind.True;

    private string PageAddress(Job job, string? token)
    {
        var page = token is null ? "" : "&pageToken=" + Uri.EscapeDataString(token);
        var path = $"bigquery/v2/projects/{Escape(job.Project)}/queries/{Escape(job.Id)}?location={Escape(job.Location)}";
        return string.Create(CultureInfo.InvariantCulture,
            $"{path}&maxResults={settings.RowsPerPage}&timeoutMs={PollMilliseconds}&formatOptions.useInt64Timestamp=true{page}");
    }

    private byte[] Request(string sql, IReadOnlyDictionary<string, string> parameters)
    {
        using var memory = new MemoryStream();
        using (var json = new Utf8JsonWriter(memory))
        {
            json.WriteStartObject();
            json.WriteString("query", sql);
            json.WriteBoolean("useLegacySql", false);
            json.WriteString("location", settings.Location);
            json.WriteNumber("maxResults", settings.RowsPerPage);
            json.WriteNumber("timeoutMs", PollMilliseconds);
            json.WriteString("parameterMode", "NAMED");
            json.WriteStartArray("queryParameters");
            foreach (var (name, value) in parameters)
            {
                json.WriteStartObject();
                json.WriteString("name", name);
                json.WriteStartObject("parameterType");
                json.WriteString("type", "STRING");
                json.WriteEndObject();
                json.WriteStartObject("parameterValue");
                json.WriteString("value", value);
                json.WriteEndObject();
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteStartObject("formatOptions");
            json.WriteBoolean("useInt64Timestamp", true);
            json.WriteEndObject();
            json.WriteString("maximumBytesBilled", settings.MaxBytesBilled.ToString(CultureInfo.InvariantCulture));

            // A request that is sent again for want of an answer must not run the query twice; another run must not get this one's answer.
            json.WriteString("requestId", Guid.NewGuid().ToString("D"));
            json.WriteEndObject();
        }

        return memory.ToArray();
    }

    private static string Escape(string text) => Uri.EscapeDataString(text);

    private readonly record struct Job(string Project, string Id, string Location)
    {
        public static Job? Of(JsonElement root, BigQuerySettings settings) =>
            root.TryGetProperty("jobReference", out var reference) && reference.TryGetProperty("jobId", out var id)
                ? new Job(
                    Text(reference, "projectId") ?? settings.JobProject, id.GetString() ?? "", Text(reference, "location") ?? settings.Location)
                : null;

        private static string? Text(JsonElement owner, string name) => owner.TryGetProperty(name, out var value) ? value.GetString() : null;
    }
}
