using CiCost.Reports.Formatting;
using CiCost.Reports.Models;

namespace CiCost.Reports.Charts;

/// <summary>A bar at one side of the flow, with its name.</summary>
public sealed record FlowNode(Bar Bar, Label Label, bool IsLeft);

/// <summary>A band from one side to the other.</summary>
/// <param name="Path">Its outline, as SVG path data.</param>
/// <param name="Color">The funder's colour.</param>
public sealed record FlowBand(string Path, string Color);

/// <summary>Where everything of the flow from funder to project stands: two levels, heights in proportion to money.</summary>
public sealed class FlowLayout
{
    private const double NodeWidth = 8;
    private const double LeftX = 148;
    private const double RightX = Drawing.Width - 168 - NodeWidth;
    private const double Edge = 6;
    private const double WidestGap = 13;
    private const double UsualHeight = 312;
    private const int LabelCharacters = 26;

    private readonly FunderFlow _flow;

    private FlowLayout(FunderFlow flow, IReadOnlyDictionary<string, string> colors)
    {
        _flow = flow;
        var drawn = flow.Links.Where(l => l.Cents > 0).ToArray();
        NotDrawn = [.. flow.Links.Where(l => l.Cents < 0)];
        var left = Side(drawn, l => l.From, colors.Keys);
        var right = Side(drawn, l => l.To, flow.AlertProjects);
        var most = Math.Max(left.Count, right.Count);
        Height = Math.Max(UsualHeight, (2 * Edge) + (most * Drawing.LabelStep));
        var gap = most < 2 ? 0 : Math.Min(WidestGap, (Height - (2 * Edge)) / 2 / (most - 1));
        var sum = left.Aggregate((Int128)0, (s, n) => s + n.Cents);
        var scale = sum == 0 ? 0 : (Height - (2 * Edge) - (gap * (most - 1))) / (double)sum;
        string RightColor(string name) => flow.AlertProjects.Contains(name, StringComparer.Ordinal) ? Palette.Alert : Palette.Ink;
        string LeftColor(string name) => colors.GetValueOrDefault(name, Palette.Slate) is var c && c == Palette.Mist ? Palette.Slate : c;
        var leftNodes = Column(left, LeftX, scale, gap, LeftColor);
        var rightNodes = Column(right, RightX, scale, gap, RightColor);
        Bands = [.. Link(drawn, leftNodes, rightNodes, scale)];
        Nodes = [.. Named(leftNodes, isLeft: true), .. Named(rightNodes, isLeft: false)];
    }

    /// <summary>The height of the drawing: more only where many names need it.</summary>
    public double Height { get; }

    /// <summary>The bars.</summary>
    public IReadOnlyList<FlowNode> Nodes { get; }

    /// <summary>The bands.</summary>
    public IReadOnlyList<FlowBand> Bands { get; }

    /// <summary>Links below zero: money that came back. They cannot be drawn and are named under the chart.</summary>
    public IReadOnlyList<FlowLink> NotDrawn { get; }

    /// <summary>The numbers that matter, for those who do not see the drawing.</summary>
    public string Summary => "Flows from funder to project. "
        + string.Join(". ", _flow.Links.Select(l => $"{l.From} to {l.To} {Figures.Thousands(l.Cents)}"));

    /// <summary>Lays the flow out.</summary>
    /// <param name="flow">The links.</param>
    /// <param name="colors">The colour of each funder, those of the trend chart.</param>
    public static FlowLayout Of(FunderFlow flow, IReadOnlyDictionary<string, string> colors)
    {
        ArgumentNullException.ThrowIfNull(flow);
        ArgumentNullException.ThrowIfNull(colors);
        return new FlowLayout(flow, colors);
    }

    private sealed record Node(string Name, Int128 Cents, double X, double Y, double Height, string Color);

    /// <summary>Funders in the order of the chart above; projects by size, those of the alert tone at the bottom.</summary>
    private static List<(string Name, Int128 Cents)> Side(FlowLink[] links, Func<FlowLink, string> name, IEnumerable<string> order)
    {
        var ranks = order.Select((n, i) => (n, i)).ToDictionary(p => p.n, p => p.i, StringComparer.Ordinal);
        return
        [
            .. links.GroupBy(name, StringComparer.Ordinal)
                .Select(g => (Name: g.Key, Cents: g.Aggregate((Int128)0, (sum, l) => sum + l.Cents)))
                .OrderBy(n => ranks.GetValueOrDefault(n.Name, -1)).ThenByDescending(n => n.Cents).ThenBy(
                    n => n.Name, StringComparer.Ordinal),
        ];
    }

    private static List<Node> Column(
        List<(string Name, Int128 Cents)> side, double x, double scale, double gap, Func<string, string> color)
    {
        var nodes = new List<Node>();
        var y = Edge;
        foreach (var (name, cents) in side)
        {
            var height = (double)cents * scale;
            nodes.Add(new Node(name, cents, x, y, height, color(name)));
            y += height + gap;
        }

        return nodes;
    }

    private static IEnumerable<FlowBand> Link(FlowLink[] links, List<Node> left, List<Node> right, double scale)
    {
        var at = left.Concat(right).ToDictionary(n => n, n => n.Y);
        foreach (var to in right)
        {
            foreach (var from in left)
            {
                foreach (var link in links.Where(l => l.From == from.Name && l.To == to.Name))
                {
                    var height = (double)link.Cents * scale;
                    yield return new FlowBand(Path(from.X + NodeWidth, at[from], to.X, at[to], height), from.Color);
                    at[from] += height;
                    at[to] += height;
                }
            }
        }
    }

    private static string Path(double x0, double y0, double x1, double y1, double height)
    {
        var middle = (x0 + x1) / 2;
        string N(double value) => Drawing.Number(value);
        return $"M{N(x0)} {N(y0)}C{N(middle)} {N(y0)} {N(middle)} {N(y1)} {N(x1)} {N(y1)}V{N(y1 + height)}"
            + $"C{N(middle)} {N(y1 + height)} {N(middle)} {N(y0 + height)} {N(x0)} {N(y0 + height)}Z";
    }

    private IEnumerable<FlowNode> Named(List<Node> nodes, bool isLeft)
    {
        var labels = Drawing.Spread(
            nodes.Select(n => new Label("", "", 0, n.Y + (n.Height / 2), IsAlert: false)), Edge, Height - Edge);
        var values = Figures.ThousandsOf([.. nodes.Select(n => (long)n.Cents)]);
        foreach (var ((node, label), value) in nodes.Zip(labels).Zip(values))
        {
            var isAlert = node.Color == Palette.Alert;
            var text = Drawing.Shorten(node.Name, LabelCharacters - value.Length - 1 - (isLeft ? 4 : 0));
            yield return new FlowNode(
                new Bar(node.X, node.Y, NodeWidth, Math.Max(0.5, node.Height), node.Color),
                new Label(text, value, isLeft ? node.X - 8 : node.X + NodeWidth + 8, label.Y, isAlert),
                isLeft);
        }
    }
}
