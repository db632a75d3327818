using System.Net;
using CiCost.CostApi.Tests.Serving;
using CiCost.CostApi.Webhooks;
using CiCost.Ledger;
using CiCost.Policy.Sources;
using CiCost.TestKit;

namespace CiCost.CostApi.Tests.Webhooks;

/// <summary>What is taken from GitHub and what is not.</summary>
public sealed class GitHubHookTests
{
    private TempFolder _folder = null!;
    private ServedSchedule _served = null!;

    [OneTimeSetUp]
    public async Task Start()
    {
        _folder = new TempFolder();
        _served = await ServedSchedule.StartAsync(null,
            new GitHubHookOptions(new SecretReference("file:" + _folder.Write("secret", JobEvents.Secret + "\n")), "github-jobs"));
    }

    [OneTimeTearDown]
    public async Task Stop()
    {
        await _served.DisposeAsync();
        _folder.Dispose();
    }

    [TearDown]
    public void Empty()
    {
        if (Directory.Exists(Inbox))
        {
            foreach (var file in Directory.GetFiles(Inbox))
            {
                File.WriteAllText(file, "");
            }
        }
    }

    [Test]
    public async Task Post_OfAJobEvent_IsOnDiskInOneLineWhenItIsAccepted()
    {
        var status = await PostAsync(JobEvents.Completed(1));
        var lines = Lines();
        Assert.Multiple(() =>
        {
            Assert.That(status, Is.EqualTo(HttpStatusCode.Accepted));
            Assert.That(lines, Has.Count.EqualTo(1));
            Assert.That(ServedBooks.Parse(lines[0]).GetProperty("workflow_job").GetProperty("id").GetInt64(), Is.EqualTo(1));
        });
    }

    [TestCase("")]
    [TestCase("sha256=")]
    [TestCase("sha256=00")]
    [TestCase("sha1=0123456789012345678901234567890123456789")]
    [TestCase("another secret")]
    public async Task Post_WithoutTheRightSignature_Is401AndTellsNothing(string signature)
    {
        var body = JobEvents.Completed(2);
        var (status, problem, _) = await _served.SendAsync(HttpMethod.Post, "/v1/hooks/github", body, "application/json",
            ("X-Hub-Signature-256", signature == "another secret" ? JobEvents.Signature(body, signature) : signature),
            ("X-GitHub-Event", "workflow_job"));
        Assert.Multiple(() =>
        {
            Assert.That(status, Is.EqualTo(HttpStatusCode.Unauthorized));
            Assert.That(problem.GetProperty("detail").GetString(), Is.EqualTo("Not accepted."));
            Assert.That(Lines(), Is.Empty);
        });
    }

    [Test]
    public async Task Post_OfABodyChangedOnTheWay_Is401()
    {
        var (status, _, _) = await _served.SendAsync(HttpMethod.Post, "/v1/hooks/github", JobEvents.Completed(3), "application/json",
            ("X-Hub-Signature-256", JobEvents.Signature(JobEvents.Completed(4))), ("X-GitHub-Event", "workflow_job"));
        Assert.That(status, Is.EqualTo(HttpStatusCode.Unauthorized));
    }

    [TestCase("ping")]
    [TestCase("workflow_run")]
    [TestCase("push")]
    public async Task Post_OfAnotherEvent_Is204AndNothingIsKept(string name)
    {
        var status = await PostAsync("""{"zen": "Keep it logically awesome."}""", name);
        Assert.That((status, Lines().Count), Is.EqualTo((HttpStatusCode.NoContent, 0)));
    }

    [TestCase("""{"workflow_job": {"id": "one"}}""")]
    [TestCase("""{"action": "completed"}""")]
    [TestCase("payload=%7B%7D")]
    [TestCase("")]
    public async Task Post_OfWhatIsNoJob_Is400AndNothingIsKept(string body)
    {
        var status = await PostAsync(body);
        Assert.That((status, Lines().Count), Is.EqualTo((HttpStatusCode.BadRequest, 0)));
    }

    [Test]
    public async Task Post_OfTooMuch_Is413AndNothingIsKept()
    {
        var status = await PostAsync(new string(' ', GitHubHook.MaxBodyBytes) + JobEvents.Completed(5));
        Assert.That((status, Lines().Count), Is.EqualTo((HttpStatusCode.RequestEntityTooLarge, 0)));
    }

    [Test]
    public async Task Post_OfManyAtOnce_KeepsEachWhole()
    {
        var statuses = await Task.WhenAll(Enumerable.Range(100, 60).Select(id => PostAsync(JobEvents.Completed(id))));
        var ids = Lines().Select(l => ServedBooks.Parse(l).GetProperty("workflow_job").GetProperty("id").GetInt64());
        Assert.Multiple(() =>
        {
            Assert.That(statuses, Is.All.EqualTo(HttpStatusCode.Accepted));
            Assert.That(ids, Is.EquivalentTo(Enumerable.Range(100, 60)));
        });
    }

    [Test]
    public async Task Post_ToAServerWithoutASecret_IsNotFound()
    {
        await using var served = await ServedSchedule.StartAsync(null);
        var (status, problem, _) = await served.SendAsync(HttpMethod.Post, "/v1/hooks/github", "{}");
        Assert.That((status, problem.GetProperty("code").GetString()), Is.EqualTo((HttpStatusCode.NotFound, "hooks-off")));
    }

    [Test]
    public void Start_WithASecretThatIsNotThere_IsRefused() => Assert.That(
        () => ServedSchedule.StartAsync(null, new GitHubHookOptions(new SecretReference("file:" + _folder.File("nowhere")), "github-jobs")),
        Throws.TypeOf<BooksException>().With.Property(nameof(BooksException.Code)).EqualTo("hook-secret")
            .And.Message.Contains("nowhere"));

    private string Inbox => HookInbox.FolderOf(_served.Books.Books.Path);

    private async Task<HttpStatusCode> PostAsync(string body, string name = "workflow_job") => (await _served.SendAsync(HttpMethod.Post,
        "/v1/hooks/github", body, "application/json", ("X-Hub-Signature-256", JobEvents.Signature(body)), ("X-GitHub-Event", name),
        ("X-GitHub-Delivery", "72d3162e-cc78-11e3-81ab-4c9367dc0958"))).Status;

    private List<string> Lines() => Directory.Exists(Inbox)
        ? [.. Directory.GetFiles(Inbox).SelectMany(f => File.ReadAllLines(f))]
        : [];
}
