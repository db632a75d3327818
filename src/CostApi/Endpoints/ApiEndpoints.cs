using CiCost.Accounting.Costs;
using CiCost.CostApi.Documents;
using CiCost.Ledger;

namespace CiCost.CostApi.Endpoints;

/// <summary>The endpoints of the API. Each calls the use case of the command of its name and gives the same document.</summary>
internal static class ApiEndpoints
{
    public static IReadOnlyList<ApiEndpoint> All { get; } =
    [
        new()
        {
            Path = "/v1/costs",
            Name = "costs",
            Summary = "What was consumed, credited or payable, grouped and filtered, with its proof.",
            Parameters = [Parameters.Month, Parameters.To, Parameters.GroupBy, Parameters.Metric, Parameters.Axis, Parameters.Where,
                Parameters.AsOf],
            Documents = [typeof(CostsDocument)],
            ShowsCondition = true,
            IsFixedByVersion = true,
            AnswerAsync = a => Done(CostsDocument.Of(
                NamingDimensions(a, a.Query.CostQuery(Parameters.Month, Parameters.Axis), a.Books.Costs.Run), a.Condition)),
        },
        new()
        {
            Path = "/v1/bridge",
            Name = "bridge",
            Summary = "From list usage to payable, per source and currency.",
            Parameters = [Parameters.Month, Parameters.To, Parameters.BillingAxis, Parameters.AsOf],
            Documents = [typeof(BridgeDocument)],
            ShowsCondition = true,
            IsFixedByVersion = true,
            AnswerAsync = a => Done(Bridge(a)),
        },
        new()
        {
            Path = "/v1/statements",
            Name = "statements",
            Summary = "Per organisation what was given by kind, used, directed and shared in a charge month.",
            Parameters = [Parameters.Month, Parameters.Split, Parameters.AsOf],
            Documents = [typeof(StatementsDocument)],
            ShowsCondition = true,
            IsFixedByVersion = true,
            CanBeNotFound = true,
            AnswerAsync = a => Done(StatementsDocument.Of(a.Books.Statements.Run(a.Query.Month(Parameters.Month),
                a.Query.Text(Parameters.Split), a.Query.InstantOrNull(Parameters.AsOf)), a.Condition)),
        },
        new()
        {
            Path = "/v1/funding",
            Name = "funding",
            Summary = "Who paid for what was consumed in a charge month, and with what.",
            Parameters = [Parameters.Month, Parameters.AsOf],
            Documents = [typeof(FundingDocument)],
            ShowsCondition = true,
            IsFixedByVersion = true,
            AnswerAsync = a => Done(Funding(a)),
        },
        new()
        {
            Path = "/v1/reconciliation",
            Name = "reconciliation",
            Summary = "How a billing period ties to invoices, to the providers' usage interfaces and to estimates, and what is missing.",
            Parameters = [Parameters.Month, Parameters.AsOf],
            Documents = [typeof(ReconciliationDocument)],
            ShowsCondition = true,
            AnswerAsync = a => Done(ReconciliationDocument.Of(a.Books.Reconciliation.Run(a.Query.Month(Parameters.Month),
                a.Query.InstantOrNull(Parameters.AsOf)), a.Books.Sources.Run(), a.Condition.Checks)),
        },
        new()
        {
            Path = "/v1/sources",
            Name = "sources",
            Summary = "Every configured source: how fresh it is, its last run, and how complete its newest billing period is.",
            Documents = [typeof(SourcesDocument)],
            AnswerAsync = a => Done(SourcesDocument.Of(a.Books.Sources.Run())),
        },
        new()
        {
            Path = "/v1/deliveries",
            Name = "deliveries",
            Summary = "What was delivered when, and what took whose place; with delivery, one of them and what it changed.",
            Parameters = [Parameters.Delivery, Parameters.Source, Parameters.OptionalMonth],
            Documents = [typeof(DeliveriesDocument), typeof(OneDeliveryDocument)],
            CanBeNotFound = true,
            AnswerAsync = a => Done(Deliveries(a)),
        },
        new()
        {
            Path = "/v1/checks",
            Name = "checks",
            Summary = "Every check on the books, run now; with month, on the deliveries of one billing period.",
            Parameters = [Parameters.OptionalMonth],
            Documents = [typeof(ChecksDocument)],
            AnswerAsync = async a => ChecksDocument.Of(
                await a.Books.Checks.RunAsync(a.Query.MonthOrNull(Parameters.OptionalMonth), a.CancellationToken).ConfigureAwait(false)),
        },
        new()
        {
            Path = "/v1/explain",
            Name = "explain",
            Summary = "A figure of costs down to raw object, row and rule; with delivery and row, a raw row up to the figures it is in.",
            Parameters = [Parameters.Month with { IsRequired = false }, Parameters.To, Parameters.Metric, Parameters.Axis, Parameters.Where,
                Parameters.AsOf, Parameters.Rows, Parameters.Delivery, Parameters.Row],
            Documents = [typeof(ExplainFigureDocument), typeof(ExplainRowDocument)],
            IsFixedByVersion = true,
            CanBeNotFound = true,
            AnswerAsync = a => Done(Explain(a)),
        },
    ];

    private static Task<object> Done(object document) => Task.FromResult(document);

    private static BridgeDocument Bridge(Asked asked)
    {
        var query = asked.Query.CostQuery(Parameters.Month, Parameters.BillingAxis);
        var answer = asked.Books.Bridge.Run(query.From, query.To, query.Axis, query.AsOf);
        return BridgeDocument.Of(answer, asked.Condition);
    }

    private static FundingDocument Funding(Asked asked)
    {
        var month = asked.Query.Month(Parameters.Month);
        return FundingDocument.Of(month, asked.Books.Funding.Run(month, month, asked.Query.InstantOrNull(Parameters.AsOf)), asked.Condition);
    }

    private static object Deliveries(Asked asked)
    {
        var directory = asked.Books.Deliveries;
        if (asked.Query.NumberOrNull(Parameters.Delivery) is { } id)
        {
            return OneDeliveryDocument.Of(directory.Get((int)id), directory, asked.Books.Differences);
        }

        var (source, month) = (asked.Query.Text(Parameters.Source), asked.Query.MonthOrNull(Parameters.OptionalMonth));
        return DeliveriesDocument.Of(
            directory.List().Where(d => (source is null || d.SourceKey == source) && (month is null || d.BillingMonth == month)),
            directory);
    }

    private static object Explain(Asked asked)
    {
        var query = asked.Query;
        if (query.NumberOrNull(Parameters.Delivery) is { } delivery)
        {
            var row = query.NumberOrNull(Parameters.Row) ?? throw new ParameterException("parameter-missing", Parameters.Row.Name,
                "Give the row with row=N beside delivery.");
            return ExplainRowDocument.Of(asked.Books.ExplainRow().Run((int)delivery, (uint)row, query.InstantOrNull(Parameters.AsOf),
                asked.CancellationToken));
        }

        if (!query.Has(Parameters.Month))
        {
            throw new ParameterException("parameter-missing", Parameters.Month.Name,
                "Give the figure's month with month=YYYY-MM, or a raw row with delivery=ID and row=N.");
        }

        var shown = (int)query.NumberOrNull(Parameters.Rows)!.Value;
        return ExplainFigureDocument.Of(NamingDimensions(asked, query.CostQuery(Parameters.Month, Parameters.Axis),
            q => asked.Books.ExplainFigure().Run(q, shown, asked.CancellationToken)));
    }

    /// <summary>Says in which of the two parameters the unknown dimension is.</summary>
    private static T NamingDimensions<T>(Asked asked, CostQuery query, Func<CostQuery, T> run)
    {
        try
        {
            return run(query);
        }
        catch (BooksException exception) when (exception.Code == "dimension-repeated")
        {
            throw new ParameterException(exception.Code, Parameters.GroupBy.Name, exception.Message);
        }
        catch (BooksException exception) when (exception.Code == "dimension-unknown")
        {
            var parameter = IsKnown(asked, query with { Where = [] }) ? Parameters.Where : Parameters.GroupBy;
            throw new ParameterException(exception.Code, parameter.Name, exception.Message);
        }
    }

    private static bool IsKnown(Asked asked, CostQuery query)
    {
        try
        {
            asked.Books.Costs.Canonical(query);
            return true;
        }
        catch (BooksException exception) when (exception.Code == "dimension-unknown")
        {
            return false;
        }
    }
}
