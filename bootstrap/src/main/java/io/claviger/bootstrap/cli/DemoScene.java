package io.claviger.bootstrap.cli;

import io.claviger.application.accounts.Users;
import io.claviger.application.instances.InstanceFields;
import io.claviger.application.instances.InstanceWrite;
import io.claviger.application.instances.Instances;
import io.claviger.application.instances.WrittenInstance;
import io.claviger.application.prices.Prices;
import io.claviger.application.prices.Prices.SavedPrice;
import io.claviger.application.projects.Projects;
import io.claviger.application.projects.Projects.ProjectCommand;
import io.claviger.application.projects.Projects.WrittenProject;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.Outcome;
import io.claviger.application.shared.Precondition;
import io.claviger.application.shares.GivenShare;
import io.claviger.application.sharing.Sharing;
import io.claviger.bootstrap.node.Node;
import io.claviger.client.terminal.ProgramInvocation;
import io.claviger.domain.DisplayName;
import io.claviger.domain.Field;
import io.claviger.domain.ModelName;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.TokenText;
import io.claviger.domain.accounts.User;
import io.claviger.domain.accounts.UserKind;
import io.claviger.domain.budgets.Budget;
import io.claviger.domain.budgets.BudgetBound;
import io.claviger.domain.budgets.BudgetUnit;
import io.claviger.domain.budgets.BudgetWindow;
import io.claviger.domain.budgets.BudgetZone;
import io.claviger.domain.budgets.Budgets;
import io.claviger.domain.definitions.Endpoint;
import io.claviger.domain.definitions.Provider;
import io.claviger.domain.fields.CommonFields;
import io.claviger.domain.fields.FieldWrites;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.keys.Secret;
import io.claviger.domain.policy.KeyPolicy;
import io.claviger.domain.policy.Limits;
import io.claviger.domain.prices.PriceContent;
import io.claviger.domain.prices.PriceTerms;
import io.claviger.domain.prices.Rate;
import io.claviger.domain.prices.Rates;
import io.claviger.domain.projects.Project;
import io.claviger.domain.sharing.GranteeName;
import io.claviger.domain.sharing.Role;
import io.claviger.domain.sharing.Share;
import io.claviger.host.Confidential;
import io.claviger.stub.StubProvider;
import io.claviger.wiring.NodeContext;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Creates the demo's sample data, and the commands for trying the demo. The data are three users, a
 * service with a share and a project, and a service whose users have their own keys.
 */
final class DemoScene {
  private static final Instance.Ref SERVICE = Instance.Ref.of("alice/my-openai");
  private static final Instance.Ref EVERYBODYS = Instance.Ref.of("_system/bring-your-own");
  private static final Project.Ref PROJECT = Project.Ref.of("alice/corpus");

  /**
   * The budget of a share, which is one dollar per day. Calls of models without a price are not
   * charged to this budget.
   */
  private static final List<Budget> ALLOWED =
      List.of(
          new Budget(
              1_000_000_000L,
              BudgetUnit.USD,
              BudgetWindow.DAY,
              BudgetZone.UTC,
              BudgetBound.MEASURED,
              true));

  private final Node node;
  private final Path home;
  private final Confidential rootToken;
  private final TokenText alicesToken;
  private final TokenText bobsToken;
  private final TokenText carolsToken;

  private DemoScene(
      Node node,
      Path home,
      Confidential rootToken,
      TokenText alicesToken,
      TokenText bobsToken,
      TokenText carolsToken) {
    this.node = node;
    this.home = home;
    this.rootToken = rootToken;
    this.alicesToken = alicesToken;
    this.bobsToken = bobsToken;
    this.carolsToken = carolsToken;
  }

  /**
   * @param home the directory for the client's sign-ins
   */
  static DemoScene create(Node node, Path home, StubProvider provider, Confidential rootToken) {
    NodeContext context = node.context();
    Users.CreatedUser alice = createUser(context, "alice", "Alice, who owns the service");
    Users.CreatedUser bob = createUser(context, "bob", "Bob, who uses it");
    setPrices(context);
    registerService(context, alice.user(), Endpoint.of(provider.baseUrl() + "/v1"));
    shareService(context, alice.user(), bob.user());
    Users.CreatedUser carol = createUser(context, "carol", "Carol, who knows only the project");
    createProject(context, alice.user(), carol.user());
    offerService(context, Endpoint.of(provider.baseUrl() + "/v1"));
    return new DemoScene(
        node, home, rootToken, alice.accessToken(), bob.accessToken(), carol.accessToken());
  }

  /** Returns the commands that a user can paste into a shell. */
  String text() {
    return """

    Alice registered alice/my-openai from _system/openai-large, with a provider key that nobody can read back,
    and shared it with Bob as reader, for a dollar a day. Her project alice/corpus uses it too, and has Carol as a member.
    The provider is played by a stub; no call leaves this machine. Paste this into another terminal:

    export API=%1$s
    export GATEWAY=%2$s
    export ROOT=%3$s
    export ALICE=%4$s
    export BOB=%5$s
    export CAROL=%6$s

    # The program for people, which keeps its sign-ins with the demo
    claviger() { XDG_CONFIG_HOME=%11$s %10$s "$@"; }

    # Alice signs in, and lends Bob two dollars a day instead of one
    printf '%%s' "$ALICE" | claviger login $API --name alice --token-stdin
    claviger lend my-openai --to bob --budget 2usd/day

    # Bob signs in, and runs a program: it gets the address and a token of its own, which ends with the program
    printf '%%s' "$BOB" | claviger login $API --name bob --token-stdin
    claviger run --service %7$s -- sh -c 'curl -s $OPENAI_BASE_URL/embeddings \\
      -H "Authorization: Bearer $OPENAI_API_KEY" -H "Content-Type: application/json" \\
      -d "{\\"model\\": \\"text-embedding-3-large\\", \\"input\\": \\"Hello\\"}"' | head -c 300; echo

    # What did that cost, and how much of the two dollars a day is left?
    claviger usage --by model
    claviger budgets

    # The same without the program. What may Bob use? (no key in the answer, only that there is one)
    curl -s "$API/v1/llm-services/bob" -H "Authorization: Bearer $BOB"; echo

    # Bob calls the provider with his own token
    curl -s $GATEWAY/services/%7$s/embeddings -H "Authorization: Bearer $BOB" \\
      -H 'Content-Type: application/json' -d '{"model": "text-embedding-3-large", "input": "Hello"}' | head -c 300; echo

    # What did all this cost?
    sleep 1; curl -s "$API/v1/usage?by=model" -H "Authorization: Bearer $BOB"; echo

    # How much of what Alice lends him is left?
    curl -s "$API/v1/budgets" -H "Authorization: Bearer $BOB"; echo

    # the same with an unmodified SDK (pip install openai)
    python3 - <<'EOF'
    import os
    from openai import OpenAI
    client = OpenAI(base_url=os.environ["GATEWAY"] + "/services/%7$s", api_key=os.environ["BOB"])
    answer = client.chat.completions.create(
        model="parrot-large", messages=[{"role": "user", "content": "Hello"}])
    print(answer.choices[0].message.content)
    EOF

    # Carol calls through Alice's project; she has no share of the service, and does not learn its name
    curl -si $GATEWAY/projects/%8$s/embeddings -H "Authorization: Bearer $CAROL" \\
      -H 'Content-Type: application/json' -d '{"model": "text-embedding-3-large", "input": "Hello"}' | head -c 800; echo

    # Does her service answer with the key that it stores?
    curl -s -X POST "$API/v1/llm-services/%7$s/check" -H "Authorization: Bearer $ALICE"; echo

    # Everybody may use _system/bring-your-own, with a key of their own; which key would Bob's call use, and why none?
    curl -s "$API/v1/llm-services/_system/bring-your-own/key-resolution" -H "Authorization: Bearer $BOB"; echo

    # Alice ends the share
    curl -s -X DELETE "$API/v1/llm-services/%7$s/shares/bob" -H "Authorization: Bearer $ALICE"

    # Bob's next call is refused
    curl -s $GATEWAY/services/%7$s/embeddings -H "Authorization: Bearer $BOB" \\
      -H 'Content-Type: application/json' -d '{"model": "text-embedding-3-large", "input": "Hello"}'; echo

    # Who used what? (root is an administrator)
    curl -s "$API/v1/usage" -H "Authorization: Bearer $ROOT"; echo

    Sign in as root with a browser, once and within a minute: %9$s
    (later: paste the token in $ROOT at %1$s/console/sign-in)
    Documentation: %1$s/docs
    Stop with Ctrl-C; nothing of this is kept.

    """
        .formatted(
            node.api(),
            node.gateway() + "/gateway",
            rootToken.<String>lend(String::new),
            alicesToken.reveal(),
            bobsToken.reveal(),
            carolsToken.reveal(),
            SERVICE,
            PROJECT,
            node.signInLink().map(link -> link.<String>lend(String::new)).orElse("none"),
            ProgramInvocation.quoted(ProgramInvocation.path()),
            ProgramInvocation.quoted(home.toString()));
  }

  private static Users.CreatedUser createUser(NodeContext context, String handle, String name) {
    return context
        .get(Users.class)
        .create(
            administrator(),
            new Users.NewUser(
                new Handle(handle),
                UserKind.PERSON,
                FieldWrites.NONE.with(CommonFields.DISPLAY_NAME, Field.of(new DisplayName(name)))))
        .orThrow();
  }

  /**
   * Sets the prices of the models that the commands call, because budgets in dollars need prices.
   */
  private static void setPrices(NodeContext context) {
    setPrice(context, "text-embedding-3-large", Map.of(Rate.INPUT, 130_000L));
    setPrice(context, "parrot-large", Map.of(Rate.INPUT, 2_500_000L, Rate.OUTPUT, 10_000_000L));
  }

  /**
   * @param rates the rates, in pico-dollars per token
   */
  private static void setPrice(NodeContext context, String model, Map<Rate, Long> rates) {
    SavedPrice unused =
        done(
            context
                .get(Prices.class)
                .save(
                    administrator(),
                    Provider.OPENAI,
                    new ModelName(model),
                    Precondition.NONE,
                    new PriceContent(LocalDate.of(2026, 1, 1), PriceTerms.of(new Rates(rates)))));
  }

  private static void registerService(NodeContext context, User owner, Endpoint endpoint) {
    try (Secret key = Secret.apiKey(DemoCommand.PROVIDER_KEY.getBytes(StandardCharsets.US_ASCII))) {
      write(context, actor(owner), SERVICE, fields(endpoint, key));
    }
  }

  /** Creates a system-level service whose users store their own keys. */
  private static void offerService(NodeContext context, Endpoint endpoint) {
    write(
        context,
        administrator(),
        EVERYBODYS,
        InstanceFields.none()
            .from("_system/openai-large")
            .endpoint(endpoint.url())
            .displayName("Bring your own key")
            .keyPolicy(new KeyPolicy(false, true, false))
            .write());
  }

  private static void write(
      NodeContext context, Actor writer, Instance.Ref ref, InstanceWrite write) {
    WrittenInstance unused =
        context.get(Instances.class).put(writer, ref, Precondition.NONE, write).orThrow();
  }

  private static InstanceWrite fields(Endpoint endpoint, Secret key) {
    return InstanceFields.none()
        .from("_system/openai-large")
        .endpoint(endpoint.url())
        .displayName("Alice's account")
        .apiKey(key)
        .write();
  }

  private static void shareService(NodeContext context, User owner, User grantee) {
    GivenShare unused =
        done(
            context
                .get(Sharing.class)
                .share(
                    actor(owner),
                    SERVICE,
                    GranteeName.user(grantee.handle()),
                    Precondition.NONE,
                    new Share.Terms(
                        Role.READER, false, Optional.empty(), Limits.of(new Budgets(ALLOWED)))));
  }

  private static <T> T done(Outcome<T> outcome) {
    return outcome.orThrow(refusal -> new IllegalStateException(refusal.code()));
  }

  /** Creates a project for the service. One member of the project has no share of the service. */
  private static void createProject(NodeContext context, User owner, User member) {
    ProjectCommand command = new ProjectCommand(FieldWrites.NONE, Field.of(SERVICE), false);
    WrittenProject unused =
        done(context.get(Projects.class).put(actor(owner), PROJECT, Precondition.NONE, command));
    GivenShare unusedToo =
        done(
            context
                .get(Projects.class)
                .share(
                    actor(owner),
                    PROJECT,
                    GranteeName.user(member.handle()),
                    Precondition.NONE,
                    Role.READER,
                    Field.absent()));
  }

  /**
   * Returns the actor who creates the sample data. This actor is a built-in user with an
   * administrator's rights.
   */
  private static Actor administrator() {
    return new Actor(User.Id.SYSTEM, Handle.SYSTEM, true, Optional.empty(), "", "demo");
  }

  private static Actor actor(User user) {
    return new Actor(user.id(), user.handle(), user.administrator(), Optional.empty(), "", "demo");
  }
}
